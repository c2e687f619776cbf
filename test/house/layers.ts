/**
 * The order of the house: each folder by what it may import, the lowest first. Imports of types count. A folder that is not
 * named belongs to the nearest folder above it that is.
 */

/** A folder with all layers below it. */
type Part =
  | 'packages/**'
  | 'packages/client/src/lib/**'
  | 'packages/local/src/**'
  | 'lambdas/**'
  | 'lambdas/realtime/**'
  | 'lib/**'
  | 'bin/**';

/** A table whose right side names only its own layers: a misspelt one does not compile. */
function layersOf<const Layer extends string>(
  table: Readonly<Record<Layer, readonly (NoInfer<Layer> | Part)[]>>,
): Readonly<Record<Layer, readonly string[]>> {
  return table;
}

const wire = 'packages/protocol/src';

/** Used by all parts of the local runtime; they import nothing. */
const startError = 'packages/local/src/start-error.ts';
const seededRandom = 'packages/local/src/seeded-random.ts';
const oneAtATime = 'packages/local/src/one-at-a-time.ts';
const cleanups = 'packages/local/src/cleanups.ts';

export const layers = layersOf({
  [wire]: [],

  // The client: doors above, everything else in `lib`. Sockets do not know of channels, and channels not of sockets.
  'packages/client/src/lib/wire': [wire],
  'packages/client/src/lib/platform': [],
  'packages/client/src/lib/events': [],
  'packages/client/src/lib/settings': [wire, 'packages/client/src/lib/platform'],
  'packages/client/src/lib/socket': [
    wire,
    'packages/client/src/lib/wire',
    'packages/client/src/lib/platform',
    'packages/client/src/lib/events',
    'packages/client/src/lib/settings',
  ],
  'packages/client/src/lib/channel': [
    wire,
    'packages/client/src/lib/wire',
    'packages/client/src/lib/platform',
    'packages/client/src/lib/events',
    'packages/client/src/lib/settings',
  ],
  // The files directly in the folder put both together.
  'packages/client/src/lib': [
    'packages/client/src/lib/wire',
    'packages/client/src/lib/platform',
    'packages/client/src/lib/events',
    'packages/client/src/lib/settings',
    'packages/client/src/lib/socket',
    'packages/client/src/lib/channel',
  ],
  // The values of a channel, for their door and the stores: above channels, which know nothing of them.
  'packages/client/src/lib/values': [
    wire,
    'packages/client/src/lib/wire',
    'packages/client/src/lib/platform',
    'packages/client/src/lib/settings',
    'packages/client/src/lib/channel',
  ],
  'packages/client/src/lib/fallback/http': [
    wire,
    'packages/client/src/lib/wire',
    'packages/client/src/lib/platform',
  ],
  'packages/client/src/lib/fallback': [
    wire,
    'packages/client/src/lib/platform',
    'packages/client/src/lib/settings',
    'packages/client/src/lib/fallback/http',
  ],
  // What components show: above the connection, which knows nothing of them.
  'packages/client/src/lib/stores': [
    wire,
    'packages/client/src/lib',
    'packages/client/src/lib/wire',
    'packages/client/src/lib/platform',
    'packages/client/src/lib/events',
    'packages/client/src/lib/channel',
    'packages/client/src/lib/values',
  ],
  // The door for servers: no socket and no channel.
  'packages/client/src/lib/server': [
    wire,
    'packages/client/src/lib/wire',
    'packages/client/src/lib/platform',
    'packages/client/src/lib/settings',
  ],
  'packages/client/src': [wire, 'packages/client/src/lib/**'],

  // The local runtime knows nothing of Fanfare, so it imports no other part of the house.
  [startError]: [],
  [seededRandom]: [],
  [oneAtATime]: [],
  [cleanups]: [],
  'packages/local/src/languages': [startError],
  'packages/local/src/template': [startError, 'packages/local/src/languages'],
  'packages/local/src/terminal': [],
  'packages/local/src/watch': [],
  'packages/local/src/web': [],
  'packages/local/src/permissions': [
    startError,
    'packages/local/src/languages',
    'packages/local/src/template',
    'packages/local/src/web',
  ],
  'packages/local/src/guard': [startError, 'packages/local/src/web'],
  'packages/local/src/signature': [
    'packages/local/src/web',
    'packages/local/src/template',
    'packages/local/src/permissions',
  ],
  'packages/local/src/bill': [],
  'packages/local/src/cloud-assembly': [
    startError,
    'packages/local/src/template',
    'packages/local/src/terminal',
  ],
  'packages/local/src/dynamodb': [
    startError,
    'packages/local/src/bill',
    'packages/local/src/guard',
    'packages/local/src/permissions',
    'packages/local/src/template',
    'packages/local/src/web',
  ],
  'packages/local/src/secrets': [
    startError,
    'packages/local/src/bill',
    'packages/local/src/permissions',
    'packages/local/src/template',
  ],
  'packages/local/src/events': [
    startError,
    'packages/local/src/bill',
    'packages/local/src/languages',
    'packages/local/src/permissions',
    'packages/local/src/template',
  ],
  'packages/local/src/functions': [
    startError,
    'packages/local/src/permissions',
    'packages/local/src/template',
    'packages/local/src/web',
  ],
  'packages/local/src/streams': [
    'packages/local/src/dynamodb',
    'packages/local/src/functions',
    'packages/local/src/template',
  ],
  'packages/local/src/gateway': [
    seededRandom,
    'packages/local/src/bill',
    'packages/local/src/functions',
    'packages/local/src/guard',
    'packages/local/src/languages',
    'packages/local/src/permissions',
    'packages/local/src/signature',
    'packages/local/src/template',
    'packages/local/src/web',
  ],
  'packages/local/src/http': [
    'packages/local/src/bill',
    'packages/local/src/functions',
    'packages/local/src/gateway',
    'packages/local/src/guard',
    'packages/local/src/permissions',
    'packages/local/src/signature',
    'packages/local/src/template',
    'packages/local/src/web',
  ],
  'packages/local/src/site': [
    cleanups,
    'packages/local/src/bill',
    'packages/local/src/functions',
    'packages/local/src/gateway',
    'packages/local/src/guard',
    'packages/local/src/http',
    'packages/local/src/permissions',
    'packages/local/src/template',
    'packages/local/src/web',
  ],
  // The files directly in the folder put the parts together.
  'packages/local/src': ['packages/local/src/**'],
  'packages/local/bin': ['packages/local/src/**'],

  // The program that writes a new app, and what it writes: that app is a project of its own, and uses what we publish.
  'packages/create-fanfare/bin': [],

  // The functions. The domain talks to ports; `aws` implements them; entries at the top put both together.
  'lambdas/identity': [wire],
  // The files directly in the folder are used by all of its wings.
  'lambdas/realtime': [wire],
  // The user's own handlers: what they get, what they may return, and the time that they have. The domain calls them.
  'lambdas/own-logic': [wire, 'lambdas/identity', 'lambdas/realtime'],
  'lambdas/realtime/access': [wire, 'lambdas/identity', 'lambdas/realtime', 'lambdas/own-logic'],
  // What `fanfare/config` is for a user's file.
  'lambdas/own-logic/config.ts': [
    'lambdas/identity',
    'lambdas/own-logic',
    'lambdas/own-logic/declaration.ts',
    'lambdas/realtime/access',
    'lambdas/aws/own-table.ts',
  ],
  // Both are called by files of the app, which get them by name.
  'lambdas/own-logic/declaration.ts': ['lambdas/identity', 'lambdas/own-logic', 'lambdas/realtime/access'],
  'lambdas/own-logic/at-synthesis.ts': ['lambdas/own-logic', 'lambdas/own-logic/declaration.ts'],
  'lambdas/aws/condition.ts': [],
  'lambdas/aws/own-table.ts': ['lambdas/own-logic', 'lambdas/aws/condition.ts'],
  // Runs in functions of its own, beside those of the manifest.
  'lambdas/own-changes': [wire, 'lambdas/own-logic', 'lambdas/realtime', 'lambdas/events', 'lambdas/aws'],
  'lambdas/realtime/connections': [wire, 'lambdas/realtime', 'lambdas/realtime/access'],
  'lambdas/realtime/delivery': [
    'lambdas/realtime',
    'lambdas/realtime/access',
    'lambdas/realtime/connections',
  ],
  'lambdas/realtime/log': [
    wire,
    'lambdas/own-logic',
    'lambdas/realtime',
    'lambdas/realtime/access',
    'lambdas/realtime/connections',
    'lambdas/realtime/delivery',
  ],
  'lambdas/realtime/lifecycle': ['lambdas/realtime', 'lambdas/realtime/delivery'],
  'lambdas/realtime/presence': [
    wire,
    'lambdas/realtime',
    'lambdas/realtime/access',
    'lambdas/realtime/connections',
    'lambdas/realtime/delivery',
    'lambdas/realtime/lifecycle',
  ],
  // The user's own actions, for every door at which they are called.
  'lambdas/own-actions': [wire, 'lambdas/realtime/**', 'lambdas/own-logic'],
  'lambdas/actions': [
    wire,
    'lambdas/identity',
    'lambdas/own-logic',
    'lambdas/own-actions',
    'lambdas/realtime/**',
  ],
  'lambdas/events': [wire, 'lambdas/identity', 'lambdas/realtime/**'],
  'lambdas/operations': [
    wire,
    'lambdas/identity',
    'lambdas/own-logic',
    'lambdas/own-actions',
    'lambdas/realtime/**',
    'lambdas/events',
  ],
  'lambdas/aws': [
    wire,
    'lambdas/identity',
    'lambdas/realtime/**',
    'lambdas/own-actions',
    'lambdas/operations',
    'lambdas/aws/condition.ts',
  ],
  'lambdas/manifest': ['lambdas/realtime/lifecycle'],
  'fanfare.config.ts': ['lambdas/own-logic/config.ts'],
  'lambdas/wiring': [
    'fanfare.config.ts',
    'lambdas/manifest',
    'lambdas/identity',
    'lambdas/own-logic',
    'lambdas/realtime/**',
    'lambdas/actions',
    'lambdas/aws',
  ],
  'lambdas/fallback': [wire, 'lambdas/identity', 'lambdas/realtime/**', 'lambdas/actions', 'lambdas/events'],
  lambdas: [
    wire,
    'fanfare.config.ts',
    'lambdas/identity',
    'lambdas/own-logic',
    'lambdas/realtime/**',
    'lambdas/actions',
    'lambdas/operations',
    'lambdas/events',
    'lambdas/aws',
    'lambdas/fallback',
    'lambdas/wiring',
  ],

  // The infrastructure. It knows the functions by their manifest and imports none.
  lib: [
    wire,
    'lib/bundling',
    'lambdas/manifest',
    'lambdas/identity',
    'lambdas/own-logic',
    'lambdas/aws',
    // Filters of the log look for the sentences that functions write.
    'lambdas/realtime',
    'lambdas/realtime/access',
    'lambdas/realtime/lifecycle',
    'lambdas/own-logic',
  ],
  // Builds the functions with a configuration, for a synthesis and for tests. The CDK waits while it does.
  'lib/bundling': ['lambdas/manifest', 'lambdas/realtime/access'],
  'lib/deploy-checks': ['packages/local/src'],
  'lib/assembly': ['lambdas/manifest', 'lib', 'lib/bundling', 'packages/local/src'],

  // The console is served on a laptop only.
  console: ['packages/client/src', 'packages/local/src'],

  // The commands, and the code that proves and measures a stage.
  bin: [
    wire,
    'packages/client/src',
    'console',
    'bin/erasure',
    'lambdas/identity',
    'lib',
    'lib/assembly',
    'lib/bundling',
    'packages/local/src',
  ],
  // What the tables have of one user: it knows the items as the functions write them.
  'bin/erasure': [
    wire,
    'lambdas/manifest',
    'lambdas/aws',
    'lambdas/aws/condition.ts',
    'lambdas/realtime',
    'lambdas/realtime/connections',
    'packages/local/src',
  ],
  smoke: [
    wire,
    'packages/client/src',
    'packages/local/src',
    'lambdas/identity',
    'lambdas/realtime',
    'lambdas/realtime/access',
    'lib',
    'lib/bundling',
    'bin',
  ],
  'bin/smoke.ts': ['bin', 'bin/run-smoke.ts', 'smoke'],
  'bin/run-smoke.ts': ['smoke'],
  'bin/fanfare-command.ts': ['bin', 'bin/run-smoke.ts', 'smoke'],
  // A bare client, which knows a server by its URL only.
  conformance: [wire, 'bin', 'smoke'],
  'bin/conformance.ts': ['bin', 'smoke', 'conformance'],
  // A decoder of the wire, which knows RFC 6455 and nothing of Fanfare.
  frames: [],
  'bin/frame.ts': ['bin', 'frames'],
  // What a month costs, by the price list of the bill meter.
  prices: ['packages/local/src/bill', 'bin'],
  'bin/prices.ts': ['bin', 'prices'],
  'docs/generate': [wire, 'lib', 'bin', 'bin/erasure', 'smoke', 'conformance', 'prices'],
  examples: [
    'packages/client/src',
    'lambdas/own-logic/config.ts',
    'lambdas/aws',
    'lambdas/realtime/lifecycle',
    'lib',
  ],

  // Bad networks in virtual time and over real sockets. Its command is one of `bin`, so it may import no test.
  'bench/report.ts': [],
  'bench/networks': [
    wire,
    'packages/client/src',
    'packages/local/src',
    seededRandom,
    'bin',
    'bench/report.ts',
  ],
  // An app of its own, which has our packages installed.
  'packages/create-fanfare/template': [
    'packages/client/src',
    'packages/local/src',
    'lib',
    'lambdas/own-logic/config.ts',
  ],
  'bin/networks.ts': ['bin', 'bench/networks'],

  // Tests look inside of all served code, and benchmarks run on the same tools as tests.
  test: [
    'packages/**',
    'lambdas/**',
    'lib/**',
    'bin/**',
    'fanfare.config.ts',
    'console',
    'smoke',
    'conformance',
    'frames',
    'prices',
    'docs/generate',
    'examples',
  ],
  'vitest.config.ts': ['test'],
  'test/leaks/planted': ['vitest.config.ts', 'test'],
  bench: [
    'bench/report.ts',
    wire,
    'packages/client/src',
    'packages/client/src/lib/settings',
    'packages/local/src/**',
    'packages/local/bin',
    'lambdas/realtime/**',
    'lambdas/actions',
    'lambdas/aws',
    'lambdas/events',
    'lambdas/manifest',
    'lambdas/own-logic/config.ts',
    'lib/assembly',
    'lib/bundling',
    'bin',
    'prices',
    'test',
  ],
  'test/bench': [
    wire,
    'packages/client/src',
    seededRandom,
    'packages/local/src/bill',
    'packages/local/src/gateway',
    'test',
    'bench',
    'bench/networks',
    'lib',
  ],
});

/**
 * The layers that may import a package by paths into it, instead of by its name. Tests look inside of everything, and benchmarks measure parts of
 * the local runtime and use the waits of the client library.
 */
export const byPath: Readonly<Record<string, readonly string[]>> = {
  'packages/protocol': ['test'],
  'packages/client': ['test', 'bench'],
  'packages/local': ['test', 'test/bench', 'bench', 'bench/networks', 'prices'],
};
