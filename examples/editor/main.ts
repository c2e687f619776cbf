/** A text that several people write at once, in CodeMirror: who is here, where their cursors are, and how long the text is. */

import { defaultKeymap } from '@codemirror/commands';
import { EditorView, keymap } from '@codemirror/view';
import { connect } from 'fanfare-client';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import { Awareness } from 'y-protocols/awareness';
import { Doc } from 'yjs';
import { shareAwareness } from './awareness-channel.ts';
import { colorOf, cursors, personOf } from './cursors.ts';
import { look } from './look.ts';
import { YjsChannel } from './yjs-channel.ts';

const parameters = new URLSearchParams(location.search);
const me = parameters.get('user') ?? `guest-${Math.floor(1000 * Math.random())}`;
const title = parameters.get('document') ?? 'plan';

/** In the place of your own sign-in: the local runtime gives a token to everyone who asks. */
const signIn = async () => (await fetch(`/examples/token?user=${encodeURIComponent(me)}`)).text();

const connection = connect(`ws://${location.host}/local`, { token: signIn });
const doc = new Doc();
const text = doc.getText('text');
const awareness = new Awareness(doc);

const show = (id: string, content: string) => document.getElementById(id)?.replaceChildren(content);
function alarm(error: unknown): void {
  reportError(error);
  show('problem', String(error));
}

connection.on('state', (state) => show('state', state));
connection.on('error', alarm);
doc.on('update', () => show('length', `${text.length.toLocaleString('en')} characters`));
awareness.on('change', showPeople);
addEventListener('pagehide', () => awareness.setLocalState(null));

// CodeMirror adds its styles to a shadow root as style sheets, which the Content-Security-Policy allows; to a document, as inline styles.
const root = document.getElementById('editor')?.attachShadow({ mode: 'open' });
if (!root) throw new Error('The page has no element for the editor.');
const extensions = [
  keymap.of([...yUndoManagerKeymap, ...defaultKeymap]),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ 'aria-label': `Text of ${title}` }),
  yCollab(text, null),
  cursors(text, awareness),
  look,
];
new EditorView({ root, parent: root, extensions });

awareness.setLocalState({ name: me });
shareAwareness(awareness, connection.channel(`live:editor-${title}`));
await new YjsChannel(doc, connection, `chat:editor-${title}`, { onError: alarm }).open().catch(alarm);

function showPeople(): void {
  const people = [...awareness.getStates().values()].map((state) => {
    const { name } = personOf(state);
    const item = document.createElement('li');
    item.textContent = name;
    item.style.backgroundColor = colorOf(name);
    return item;
  });
  document.getElementById('people')?.replaceChildren(...people);
}
