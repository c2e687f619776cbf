import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generateSmokePage, SMOKE_PAGE } from '../../docs/generate/smoke.ts';

it('the page about the smoke command lists every fact; npm run docs brings it up to date', async () => {
  const page = await readFile(SMOKE_PAGE, 'utf8');

  expect(generateSmokePage(page)).toBe(page);
  expect(page).toContain('| `handshake/subprotocol` | HS-10 |');
});
