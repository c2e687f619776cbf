import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generateProtocolPage, PROTOCOL_PAGE } from '../../docs/generate/protocol.ts';

it('the protocol page follows the schemas; npm run docs brings it up to date', async () => {
  const page = await readFile(PROTOCOL_PAGE, 'utf8');

  expect(generateProtocolPage(page)).toBe(page);
  expect(page).toContain('→ { action: "subscribe"');
});
