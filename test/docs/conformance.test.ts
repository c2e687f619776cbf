import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { rules } from '../../conformance/rules.ts';
import { CONFORMANCE_PAGE, generateConformancePage } from '../../docs/generate/conformance.ts';
import { PROTOCOL_PAGE } from '../../docs/generate/protocol.ts';

describe('the page about the conformance command', () => {
  it('lists every rule; npm run docs brings it up to date', async () => {
    const page = await readFile(CONFORMANCE_PAGE, 'utf8');

    expect(generateConformancePage(page)).toBe(page);
    expect(page).toContain('| `limits/binary-frame` |');
  });

  it('leads from the section of each rule to a heading of the protocol page', async () => {
    const headings = [...(await readFile(PROTOCOL_PAGE, 'utf8')).matchAll(/^## (.+)$/gm)].map(
      ([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'),
    );

    expect(headings).toEqual(expect.arrayContaining([...new Set(rules.map(({ section }) => section))]));
  });
});
