/** The size of the files that a page with fallbacks has to load. */

import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundleClient } from '../bundle.ts';

const MOST_BYTES = 11 * 1024;

it('the client with its fallbacks is at most 11 KB over the wire, and depends on a parser only', async () => {
  const { text, inputs } = await bundleClient('packages/client/src/fallback.ts');
  const { length } = gzipSync(text, { level: 9 });

  process.stdout.write(`The client with fallbacks: ${text.length} bytes minified, ${length} gzipped.\n`);
  expect(length).toBeLessThanOrEqual(MOST_BYTES);
  expect(inputs.filter((file) => !/^packages\/(client|protocol)\/src\//.test(file))).toEqual([
    'node_modules/eventsource-parser/dist/index.js',
  ]);
});
