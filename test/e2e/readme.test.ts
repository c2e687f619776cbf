/** The README is true: a client gets its transcript, and its links exist. Its code blocks run in `test/docs/snippets.test.ts`. */

import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Client } from '../local/client.ts';
import { sharedRuntime } from '../shared-runtime.ts';

const root = new URL('../../', import.meta.url);
const readme = await readFile(new URL('README.md', root), 'utf8');

/** The code block in this language that holds this text. */
function block(language: string, text: string): string {
  const blocks = [...readme.matchAll(/```(\w+)\n(.*?)```/gs)];
  const found = blocks.find(([, name, code]) => name === language && code?.includes(text))?.[2];
  if (found === undefined) throw new Error(`The README has no ${language} block with ${text}`);
  return found;
}

describe('the README', () => {
  it('shows a transcript that is really printed, apart from times and numbers', async () => {
    const { runtime } = await sharedRuntime();
    const client = await Client.open(runtime.urls.websocket, ['fanfare.v1']);
    const printed: string[] = [];
    for (const line of block('text', '> {').trim().split('\n')) {
      const frame = line.slice(2);
      if (line.startsWith('>')) client.send(frame);
      printed.push(line.startsWith('>') ? line : `< ${await client.nextText()}`);
    }

    client.kill();

    const timeless = (text: string) => text.replaceAll(/"(time|seq)":\d+/g, '"$1":0');
    expect(timeless(printed.join('\n'))).toBe(timeless(block('text', '> {').trim()));
  });

  it('links only to files that exist', async () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link ?? '');

    expect(links.length).toBeGreaterThan(5);
    for (const link of links) await access(fileURLToPath(new URL(link, root)));
  });

  it('names the test command that CI runs', async () => {
    const ci = await readFile(new URL('.ci/run', root), 'utf8');

    const command = block('sh', 'npm test').trim();
    expect(ci.split('\n')).toContain(command);
  });
});
