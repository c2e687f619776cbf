/** The sizes of the files that a page has to load. */

import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundleClient } from './bundle.ts';

const MOST_BYTES = 6.5 * 1024;

/** Includes the modules that it shares with the client. */
const MOST_INBOX_BYTES = 2 * 1024;

it('the client is at most 6.5 KB over the wire, and depends on nothing', async () => {
  const { text, inputs } = await bundleClient();
  const { length } = gzipSync(text, { level: 9 });

  process.stdout.write(`The client: ${text.length} bytes minified, ${length} gzipped.\n`);
  expect(length).toBeLessThanOrEqual(MOST_BYTES);
  expect(inputs.filter((file) => !/^packages\/(client|protocol)\/src\//.test(file))).toEqual([]);
});

it('the inbox is 2 KB at most when it comes alone, and depends on nothing', async () => {
  const { text, inputs } = await bundleClient('packages/client/src/inbox.ts');
  const { length } = gzipSync(text, { level: 9 });

  process.stdout.write(`The inbox: ${text.length} bytes minified, ${length} gzipped.\n`);
  expect(length).toBeLessThanOrEqual(MOST_INBOX_BYTES);
  expect(inputs.filter((file) => !/^packages\/(client|protocol)\/src\//.test(file))).toEqual([]);
});
