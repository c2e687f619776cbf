/** The names that the build of the package shortens: no application uses one, and no text of the code means one by its long form. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { INTERNAL_NAMES } from '../../bin/packages/internal-names.ts';

const client = path.join(import.meta.dirname, '../../packages/client');

const textsIn = (folder: string, ending: string): Map<string, string> =>
  new Map(
    readdirSync(path.join(client, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending))
      .map((name) => [name, readFileSync(path.join(client, folder, name), 'utf8')]),
  );

/** A member at the begin of a line of a report, or inside of a type in one line. */
const MEMBER = /(?:^\s+|[{;] )(?:readonly |static |abstract |get )*(\w+)\??(?=[(:<])/g;

it('no member of the public API has a name that the build shortens', () => {
  const members = [...textsIn('api', '.api.md')].flatMap(([report, text]) => {
    const lines = text.split('\n');
    const isPublic = (index: number) => !lines[index - 1]?.includes('@internal');
    return lines.flatMap((line, index) =>
      isPublic(index) ? [...line.matchAll(MEMBER)].map(([, name = '']) => `${report}: ${name}`) : [],
    );
  });

  expect(members).toContain('presence.api.md: stop');
  expect(members.length).toBeGreaterThan(100);
  expect(members.filter((member) => INTERNAL_NAMES.test(member.replace(/.* /, '')))).toEqual([]);
});

it('each text that names such a member is marked for the build', () => {
  const lookups = [...textsIn('src', '.ts')].flatMap(([file, text]) =>
    [...text.matchAll(/(\/\* @__KEY__ \*\/ )?'(\w+)' in |(\/\* @__KEY__ \*\/ )'(\w+)'/g)].map(
      ([, mark, looked, listed, name = looked ?? '']) => ({
        place: `${file}: ${name}`,
        isMarked: (mark ?? listed) !== undefined,
        isInternal: INTERNAL_NAMES.test(name),
      }),
    ),
  );

  expect(lookups.filter(({ isInternal }) => isInternal).length).toBeGreaterThan(2);
  expect(lookups.filter(({ isMarked, isInternal }) => isMarked !== isInternal)).toEqual([]);
});
