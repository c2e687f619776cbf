/** The examples that have a page: each folder of `examples/` with an `index.html`, which says what the tour shows of it. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

export interface Example {
  /** Of the folder, and in its path: `chat` is at `/examples/chat/`. */
  readonly name: string;
  /** The `<title>` of its page. */
  readonly title: string;
  /** One sentence on what it shows: the `description` of its page. */
  readonly line: string;
  /** The two users whose pages the tour shows side by side. */
  readonly panes: readonly TourPane[];
}

interface TourPane {
  /** Of its user or device. */
  readonly label: string;
  /** Of its address: `?user=ann`. */
  readonly query: string;
}

const ANN_AND_BEN: readonly TourPane[] = [
  { label: 'Ann', query: '?user=ann' },
  { label: 'Ben', query: '?user=ben' },
];

/** Read again at each call, so that a new folder shows without a restart. By name. */
export function examples(): readonly Example[] {
  return readdirSync(EXAMPLES)
    .filter((name) => existsSync(path.join(EXAMPLES, name, 'index.html')))
    .map((name) => exampleOf(name, readFileSync(path.join(EXAMPLES, name, 'index.html'), 'utf8')));
}

/**
 * An example that is not for Ann and Ben names its panes: `<meta name="tour" content="A phone ?user=ann, A laptop ?user=ann">`.
 *
 * @throws Error if the page has no title or no description.
 */
export function exampleOf(name: string, page: string): Example {
  const { title } = /<title>(?<title>[^<]+)<\/title>/.exec(page)?.groups ?? {};
  const line = contentOf('description', page);
  if (title === undefined || line === undefined)
    throw new Error(
      `examples/${name}/index.html needs a <title> and a <meta name="description" content="…">.`,
    );
  const panes = contentOf('tour', page)?.split(', ').map(paneOf) ?? ANN_AND_BEN;
  return { name, title, line, panes };
}

function contentOf(name: string, page: string): string | undefined {
  return new RegExp(`<meta name="${name}" content="(?<content>[^"]+)">`).exec(page)?.groups?.['content'];
}

function paneOf(pane: string): TourPane {
  const [label = '', query = ''] = pane.split(' ?');
  return { label, query: `?${query}` };
}
