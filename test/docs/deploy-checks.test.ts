import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { constraints } from '../../lib/deploy-checks/constraints.ts';
import { checks } from '../../lib/deploy-checks/deploy-findings.ts';
import { leftForAReason } from '../../lib/deploy-checks/lasting-names.ts';

const page = await readFile(new URL('../../docs/deploy-checks.md', import.meta.url), 'utf8');

describe('docs/deploy-checks.md', () => {
  it('has a row for every check', () => {
    const rows = [...page.matchAll(/^\| \*\*(?<name>[^*]+)\*\* \|/gm)].map(({ groups }) => groups?.['name']);

    expect(rows).toEqual(expect.arrayContaining(Object.keys(checks)));
  });

  it('names the types whose patterns and ranges are checked, and no others', () => {
    const list = page.split('### Patterns, lengths and ranges')[1]?.split('##')[0] ?? '';
    const named = [...list.matchAll(/`(?<type>AWS::[\w:]+)`/g)].map(({ groups }) => groups?.['type']);

    expect(named.toSorted()).toEqual(Object.keys(constraints).toSorted());
  });

  it('names what may be left after a creation that failed', () => {
    expect([...leftForAReason.keys()].filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
  });
});
