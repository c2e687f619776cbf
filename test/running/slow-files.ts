/**
 * Seconds of the slowest test files on two cores, so that they start first: a long file that starts last leaves the other
 * worker idle. Exact numbers do not matter. `npm test` prints at its end which files are slow now.
 */

export const SLOW_FILES: Readonly<Record<string, number>> = {
  'test/e2e/start.test.ts': 35,
  'test/console/console.test.ts': 30,
  'test/console/refusals.test.ts': 28,
  'test/console/enter.test.ts': 26,
  'test/e2e/broadcast.test.ts': 25,
  'test/contracts/transport.test.ts': 35,
  'test/e2e/own-message.test.ts': 20,
  'test/smoke/plants.test.ts': 30,
  'test/console/tour.test.ts': 28,
  'test/e2e/fallback/endings.test.ts': 25,
  'test/fuzz/fuzz.test.ts': 43,
  'test/docs/snippets.test.ts': 26,
  'test/lib/assembly/kept-bundles.test.ts': 20,
  'test/lib/transport.test.ts': 10,
  'test/exploration/log.exploration.test.ts': 12,
  'test/exploration/presence.exploration.test.ts': 10,
};
