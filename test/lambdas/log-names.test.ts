import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../lambdas/manifest/manifest.ts';

const sources = new Map(
  functionNames.map((name) => [
    name,
    readFileSync(new URL(`../../lambdas/${name}.ts`, import.meta.url), 'utf8'),
  ]),
);

/** Functions that log by themselves. */
const logging = [...sources].filter(([, source]) => source.includes('new Logger('));

describe('the log lines of a function', () => {
  it('are those of more than ten functions', () => {
    expect(logging.length).toBeGreaterThan(10);
  });

  it.each(logging)('name the function: %s', (name, source) => {
    expect([...source.matchAll(/serviceName: '([^']*)'/g)].map(([, service]) => service)).toEqual([name]);
  });
});
