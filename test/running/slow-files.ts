/**
 * Seconds of the slowest test files on two cores, so that they start first: a long file that starts last leaves the other
 * worker idle. Exact numbers do not matter. `npm test` prints at its end which files are slow now.
 */

export const SLOW_FILES: Readonly<Record<string, number>> = {
  'test/packages/fanfare.test.ts': 100,
  'test/examples/created-app.test.ts': 70,
  'test/e2e/start.test.ts': 60,
  'test/packages/own-app.test.ts': 55,
  'test/fuzz/fuzz.test.ts': 43,
  'test/contracts/stores.test.ts': 32,
  'test/docs/snippets.test.ts': 88,
  'test/console/console.test.ts': 83,
  'test/packages/fanfare-client.test.ts': 60,
  'test/e2e/presence/presence-chaos.test.ts': 51,
  'test/console/use-cases.test.ts': 51,
  'test/console/tour.test.ts': 51,
  'test/attacks/tokens.test.ts': 50,
  'test/examples/accessibility.test.ts': 40,
  'test/packages/fanfare-local.test.ts': 35,
  'test/contracts/transport.test.ts': 25,
  'test/smoke/plants.test.ts': 25,
  'test/attacks/http-sessions.test.ts': 25,
  'test/console/tour-accessibility.test.ts': 25,
  'test/e2e/fallback/endings.test.ts': 25,
  'test/attacks/amplification.test.ts': 20,
  'test/lib/assembly/kept-bundles.test.ts': 20,
  'test/e2e/lifecycle/lifecycle.test.ts': 15,
  'test/e2e/own-message.test.ts': 12,
  'test/exploration/log.exploration.test.ts': 12,
  'test/exploration/presence.exploration.test.ts': 10,
  'test/e2e/security/authorization.test.ts': 10,
  'test/e2e/broadcast.test.ts': 10,
  'test/lib/transport.test.ts': 10,
};
