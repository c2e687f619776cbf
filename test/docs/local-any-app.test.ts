import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../../packages/local/src/options.ts';
import { served, withoutLocalEffect } from '../../packages/local/src/template/resources.ts';

const page = readFileSync(new URL('../../docs/local-any-app.md', import.meta.url), 'utf8');

/** The row about a type of resource. */
const rowOf = (type: string) => page.split('\n').find((line) => line.startsWith(`| \`${type}\` |`)) ?? '';

describe('docs/local-any-app.md', () => {
  it.each(Object.entries(served))(
    'names every property that the runtime reads of %s',
    (type, { entries }) => {
      const row = rowOf(type);
      const same = row.includes('the same') ? rowOf('AWS::DynamoDB::GlobalTable') : row;

      expect(Object.keys(entries).filter((property) => !same.includes(`\`${property}\``))).toEqual([]);
    },
  );

  it('names every type that is accepted without effect', () => {
    expect([...withoutLocalEffect].filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
  });

  it('names every flag that it shares with npm start', () => {
    expect(Object.keys(FLAGS).filter((flag) => flag !== 'help' && !page.includes(`\`--${flag}\``))).toEqual(
      [],
    );
  });
});
