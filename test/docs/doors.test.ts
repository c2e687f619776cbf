/** The table of doors has every door that the code declares, and every file and test that it names exists. */

import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { defences } from '../../docs/generate/doors/defences.ts';
import type { Door } from '../../docs/generate/doors/door.ts';
import { doors } from '../../docs/generate/doors/doors.ts';
import { generateSecurityPage, SECURITY_PAGE } from '../../docs/generate/security.ts';
import { routes } from '../../lambdas/fallback/respond.ts';
import { functionNames, manifest } from '../../lambdas/manifest/manifest.ts';
import { localDoors } from '../attacks/local-doors.ts';

const root = new URL('../../', import.meta.url);

/** The doors that the code declares. */
function declared(): readonly string[] {
  const socketRoutes = functionNames.flatMap((name) => {
    const { trigger } = manifest[name];
    return trigger.kind === 'route' ? [`route:${trigger.key}`] : [];
  });
  return [
    ...functionNames.map((name) => `function:${name}`),
    ...socketRoutes,
    // The gateway answers it without a function.
    'route:ping',
    ...[...routes.keys()].map((route) => `fallback:${route}`),
  ];
}

/** The doors of the local runtime. `test/attacks/laptop.test.ts` attacks each of them. */
function ofTheLaptop(): readonly string[] {
  const url = 'http://localhost:8080';
  return Object.keys(localDoors({ urls: { http: url, dynamodb: url }, tables: [] })).map(
    (door) => `local:${door}`,
  );
}

describe('the table of doors', () => {
  const covered = Object.values(doors).flatMap(({ covers }: Door) => [...covers]);

  it('has every door that the code declares, each once', () => {
    expect(covered.toSorted()).toEqual([...declared(), ...ofTheLaptop()].toSorted());
  });

  it('is on docs/security.md as the generator writes it', async () => {
    const page = await readFile(SECURITY_PAGE, 'utf8');

    expect(generateSecurityPage(page)).toBe(page);
  });

  it('uses every mechanism that it explains', () => {
    const used = new Set(Object.values(doors).flatMap((door: Door) => Object.values(door.checks)));

    expect(Object.keys(defences).filter((name) => ![...used].some((cell) => cell === name))).toEqual([]);
  });
});

describe.each(Object.entries(defences))('the mechanism “%s”', (_name, { code, test }) => {
  let texts: readonly [code: string, test: string];

  beforeAll(async () => {
    texts = await Promise.all([read(code[0]), read(`test/${test[0]}`)]);
  });

  it('is in the code that the table names', () => {
    expect(texts[0]).toContain(code[1]);
  });

  it('has the test that the table names', () => {
    expect(texts[1]).toContain(test[1]);
  });
});

function read(file: string): Promise<string> {
  return readFile(new URL(file, root), 'utf8');
}
