import { describe, expect, it } from 'vitest';
import { functionNames } from '../../../lambdas/manifest/manifest.ts';
import { logLines } from '../../../lambdas/realtime/log-lines.ts';
import {
  type LogMetricDesign,
  logMetricNames,
  logMetrics,
  patternOf,
} from '../../../lib/observability/log-metrics.ts';
import { readPattern } from './cloud-watch/filter-pattern.ts';
import { linesByFunction, namedIn, sourcesOfFunctions } from './writers.ts';
import { linesWrittenBy } from './written-lines.ts';

const sources = sourcesOfFunctions();

/** A call of a logger, or the message of a report that is logged, with a text instead of a name of the table. */
const LITERAL = /\blog\.(?:info|warn|error)\(\s*['"`]|\bmessage: '[A-Z][^']* failed'/;

/** The longest pattern that CloudWatch Logs takes. */
const LONGEST_PATTERN = 1024;

describe('the table of log lines', () => {
  it('has every line that a function writes', () => {
    const literal = [...sources].filter(([, source]) => LITERAL.test(source)).map(([file]) => file);

    expect(literal).toEqual([]);
    expect(LITERAL.test("log.warn('A line', {})")).toBe(true);
  });

  it('has no line that no function writes', () => {
    const written = new Set<string>([...sources.values()].flatMap(namedIn));

    expect(Object.keys(logLines).filter((name) => !written.has(name))).toEqual([]);
  });

  it('has no sentence twice', () => {
    expect(new Set(Object.values(logLines)).size).toBe(Object.keys(logLines).length);
  });
});

describe('a metric that is counted in logs', () => {
  const named = linesByFunction(sources);

  it.each(logMetricNames)(
    '%s is counted in the log of each function that can write one of its lines',
    (metric) => {
      const { lines, writers }: LogMetricDesign = logMetrics[metric];
      const can = functionNames.filter((name) =>
        [...(named.get(name) ?? [])].some((line) => lines.includes(logLines[line])),
      );

      expect(writers.toSorted()).toEqual(can.toSorted());
    },
  );

  it.each(logMetricNames)(
    '%s has a pattern that CloudWatch Logs takes, and that finds its lines and no others',
    (metric) => {
      const design: LogMetricDesign = logMetrics[metric];
      const matches = readPattern(patternOf(design));
      const error = Object.assign(new Error('x'), { name: design.errors?.[0] ?? 'Error' });
      const found = Object.values(logLines).filter((line) =>
        linesWrittenBy('default', (log) => log.error(line, { error })).some((text) =>
          matches(JSON.parse(text)),
        ),
      );

      expect(patternOf(design).length).toBeLessThanOrEqual(LONGEST_PATTERN);
      expect(found.toSorted()).toEqual(design.lines.toSorted());
    },
  );
});
