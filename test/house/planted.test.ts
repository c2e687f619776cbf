/** Planted breaches of the layer rule: each is found, and its sentence names the files. */

import { expect, it } from 'vitest';
import { circlesOfFiles, circlesOfLayers, importsAgainst, importsAroundDoors, unplaced } from './breaches.ts';
import { importGraph } from './import-graph.ts';
import { byPath, layers } from './layers.ts';
import { packagesOf } from './packages.ts';
import type { Tree } from './tree.ts';

/** Packages as they are in this repository, with one file behind each door. */
const PACKAGES = {
  'packages/protocol/package.json': '{ "name": "fanfare-protocol", "exports": { "./*": "./src/*.ts" } }',
  'packages/protocol/src/limits.ts': 'export const FRAME_BYTES = 1;',
  'packages/client/package.json':
    '{ "name": "fanfare-client", "exports": { ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" } } }',
  'packages/client/src/index.ts': "export { connect } from './lib/connect.ts';",
  'packages/client/src/lib/connect.ts': 'export const connect = 1;',
};

function planted(files: Record<string, string>): Tree {
  return new Map(Object.entries({ ...PACKAGES, ...files }));
}

function against(files: Record<string, string>): string[] {
  return importsAgainst(importGraph(planted(files)), layers);
}

it('a house in order has no breach', () => {
  const tree = planted({ 'smoke/visit.ts': "import { connect } from 'fanfare-client';" });
  const graph = importGraph(tree);
  expect([
    ...unplaced(graph, layers),
    ...importsAgainst(graph, layers),
    ...circlesOfFiles(graph),
    ...importsAroundDoors(graph, packagesOf(tree), layers, byPath),
  ]).toEqual([]);
  expect(graph.get('smoke/visit.ts')).toEqual([
    { from: 'smoke/visit.ts', to: 'packages/client/src/index.ts', specifier: 'fanfare-client' },
  ]);
});

it('two files whose types import each other are a circle', () => {
  const graph = importGraph(
    planted({
      'lib/one.ts': "import type { Two } from './two.ts'; export type One = Two;",
      'lib/two.ts': "export type Two = import('./one.ts').One;",
      'lib/three.ts': "export { One } from './one.ts';",
    }),
  );
  expect(circlesOfFiles(graph)).toEqual(['lib/one.ts, lib/two.ts import each other in a circle']);
});

it('a file that imports itself is a circle', () => {
  const graph = importGraph(planted({ 'lib/one.ts': "import * as self from './one.ts';" }));
  expect(circlesOfFiles(graph)).toEqual(['lib/one.ts import each other in a circle']);
});

it.each([
  ['a value', "import { a } from '../../aws/store.ts';"],
  ['a type', "import type { A } from '../../aws/store.ts';"],
  ['an export', "export * from '../../aws/store.ts';"],
  ['a later import', "await import('../../aws/store.ts');"],
  ['the type of a module', "type A = import('../../aws/store.ts').A;"],
])('the domain may not import its stores: %s', (_kind, source) => {
  const files = { 'lambdas/realtime/log/append.ts': source, 'lambdas/aws/store.ts': '' };
  expect(against(files)).toEqual([
    'lambdas/realtime/log/append.ts imports lambdas/aws/store.ts: lambdas/realtime/log may not import lambdas/aws',
  ]);
});

it('a wing may not import the wing above it', () => {
  const files = {
    'lambdas/realtime/access/namespaces.ts': "import '../log/append.ts';",
    'lambdas/realtime/log/append.ts': '',
  };
  expect(against(files)).toEqual([
    'lambdas/realtime/access/namespaces.ts imports lambdas/realtime/log/append.ts: lambdas/realtime/access may not import lambdas/realtime/log',
  ]);
});

it('the inside of a package may not be imported from outside', () => {
  const files = { 'smoke/visit.ts': "import { connect } from '../packages/client/src/lib/connect.ts';" };
  expect(against(files)).toEqual([
    'smoke/visit.ts imports packages/client/src/lib/connect.ts: smoke may not import packages/client/src/lib',
  ]);
});

it.each([
  ['bin/start.ts', '../packages/local/src/bill/meter.ts', 'bin'],
  ['lib/assembly/assembly.ts', '../../packages/local/src/bill/meter.ts', 'lib/assembly'],
  ['lib/deploy-checks/rules.ts', '../../packages/local/src/bill/meter.ts', 'lib/deploy-checks'],
  ['smoke/visit.ts', '../packages/local/src/bill/meter.ts', 'smoke'],
  ['console/console-site.ts', '../packages/local/src/bill/meter.ts', 'console'],
])('the inside of the local runtime may not be imported by %s', (from, specifier, layer) => {
  const files = { [from]: `import '${specifier}';`, 'packages/local/src/bill/meter.ts': '' };
  expect(against(files)).toEqual([
    `${from} imports packages/local/src/bill/meter.ts: ${layer} may not import packages/local/src/bill`,
  ]);
});

it('a door of a package may not be imported by its path', () => {
  const tree = planted({ 'smoke/visit.ts': "import { connect } from '../packages/client/src/index.ts';" });
  expect(importsAroundDoors(importGraph(tree), packagesOf(tree), layers, byPath)).toEqual([
    'smoke/visit.ts imports packages/client/src/index.ts: from outside, packages/client is imported by its name',
  ]);
});

it.each(['bin/start.ts', 'lib/start.ts', 'smoke/start.ts'])(
  'a door of the local runtime may not be imported by its path: %s',
  (from) => {
    const tree = planted({
      'packages/local/package.json':
        '{ "name": "fanfare-local", "exports": { "./bill": { "default": "./dist/bill.js" } } }',
      'packages/local/src/bill.ts': '',
      [from]: "import '../packages/local/src/bill.ts';",
    });
    expect(importsAroundDoors(importGraph(tree), packagesOf(tree), layers, byPath)).toEqual([
      `${from} imports packages/local/src/bill.ts: from outside, packages/local is imported by its name`,
    ]);
  },
);

it.each([
  ['fanfare-protocol/limits', 'packages/protocol/src/limits.ts', 'packages/protocol/src'],
  ['../../../../lib/stacks.ts', 'lib/stacks.ts', 'lib'],
  ['../../../../console/page.ts', 'console/page.ts', 'console'],
  ['../../../../lambdas/connect.ts', 'lambdas/connect.ts', 'lambdas'],
])('the local runtime may not import Fanfare: %s', (specifier, to, layer) => {
  const files = { [to]: '', 'packages/local/src/gateway/api.ts': `import '${specifier}';` };
  expect(against(files)).toEqual([
    `packages/local/src/gateway/api.ts imports ${to}: packages/local/src/gateway may not import ${layer}`,
  ]);
});

it('a file in a new folder needs a line in the table', () => {
  expect(unplaced(importGraph(planted({ 'attic/box.ts': '' })), layers)).toEqual([
    'attic/box.ts lies in no layer',
  ]);
});

it('a table in which two layers may import each other has no order', () => {
  expect(circlesOfLayers({ a: ['b/**'], 'b/c': ['a'] })).toEqual([
    'a, b/c may import each other in a circle',
  ]);
});
