/**
 * The cursors of the others in CodeMirror, with names. Those of `y-codemirror.next` have inline styles, which the
 * Content-Security-Policy forbids.
 */

import { Annotation, type Extension, type Range } from '@codemirror/state';
import { Decoration, type EditorView, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view';
import * as v from 'valibot';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

/** What a client tells about itself. Positions are relative to the text around them, so that they stay right when others write. */
const person = v.fallback(
  v.object({ name: v.string(), cursor: v.optional(v.object({ anchor: v.unknown(), head: v.unknown() })) }),
  { name: '?' },
);

export const personOf = (state: unknown) => v.parse(person, state);

/** The same for a name in all pages. Light enough for a dark page, and dark enough for a white name. */
export function colorOf(name: string): string {
  const hue = [...name].reduce((sum, letter) => (sum * 53 + (letter.codePointAt(0) ?? 0)) % 360, 0);
  return `oklch(52% 0.14 ${hue})`;
}

const moved = Annotation.define<boolean>();

class Cursor extends WidgetType {
  readonly name: string;
  readonly color: string;

  constructor(name: string, color: string) {
    super();
    this.name = name;
    this.color = color;
  }

  override eq(other: Cursor): boolean {
    return other.name === this.name && other.color === this.color;
  }

  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = 'cursor';
    mark.dataset['name'] = this.name;
    mark.style.setProperty('--person', this.color);
    return mark;
  }
}

export function cursors(text: Y.Text, awareness: Awareness): Extension {
  function tell({ view, state }: ViewUpdate): void {
    const { anchor, head } = state.selection.main;
    // Behind the character on its left, as in CodeMirror.
    const at = (index: number) => Y.createRelativePositionFromTypeIndex(text, index, -1);
    const cursor = view.hasFocus ? { anchor: at(anchor), head: at(head) } : undefined;
    const before = awareness.getLocalState()?.['cursor'];
    if (JSON.stringify(cursor) !== JSON.stringify(before)) awareness.setLocalStateField('cursor', cursor);
  }

  function decorations([client, state]: [number, unknown]): Range<Decoration>[] {
    const { name, cursor } = personOf(state);
    const anchor = indexOf(cursor?.anchor, text);
    const head = indexOf(cursor?.head, text);
    if (client === awareness.clientID || anchor === undefined || head === undefined) return [];
    const widget = new Cursor(name, colorOf(name));
    const selected = Decoration.mark({
      class: 'selected',
      attributes: { style: `--person: ${widget.color}` },
    });
    const range = anchor === head ? [] : [selected.range(Math.min(anchor, head), Math.max(anchor, head))];
    return [...range, Decoration.widget({ widget, side: 1 }).range(head)];
  }

  function pluginOf(view: EditorView) {
    const listener = (_changes: unknown, origin: unknown) => {
      if (origin !== 'local') view.dispatch({ annotations: moved.of(true) });
    };
    awareness.on('change', listener);
    const plugin = {
      cursors: Decoration.none,
      update(update: ViewUpdate) {
        tell(update);
        plugin.cursors = Decoration.set([...awareness.getStates()].flatMap(decorations), true);
      },
      destroy: () => awareness.off('change', listener),
    };
    return plugin;
  }

  return ViewPlugin.define(pluginOf, { decorations: (plugin) => plugin.cursors });
}

function indexOf(position: unknown, { doc }: Y.Text): number | undefined {
  if (!position || !doc) return undefined;
  const relative = Y.createRelativePositionFromJSON(position);
  return Y.createAbsolutePositionFromRelativePosition(relative, doc)?.index;
}
