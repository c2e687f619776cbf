/** How the editor looks. Its styles live in its shadow root, where the properties of the page are inherited. */

import { EditorView } from '@codemirror/view';

export const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '2px', borderRadius: '12px' },
  '.cm-scroller': { font: 'inherit', overflow: 'auto' },
  '.cm-content': { padding: '24px 12px', caretColor: 'var(--text)' },
  '.cursor': { position: 'relative', borderLeft: '2px solid var(--person)', marginInline: '-1px' },
  '.selected': { background: 'color-mix(in oklch, var(--person) 25%, transparent)' },
  '.cursor::after': {
    content: 'attr(data-name)',
    position: 'absolute',
    bottom: '100%',
    left: '-2px',
    padding: '0 5px',
    borderRadius: '4px 4px 4px 0',
    background: 'var(--person)',
    color: '#fff',
    font: '600 11px/15px system-ui, sans-serif',
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
  },
});
