/** The layer rule of `layers.ts`, for the files of this repository. */

import { expect, it } from 'vitest';
import settings from '../../tsconfig.json' with { type: 'json' };
import { circlesOfFiles, circlesOfLayers, importsAgainst, importsAroundDoors, unplaced } from './breaches.ts';
import { importGraph } from './import-graph.ts';
import { byPath, layers } from './layers.ts';
import { packagesOf } from './packages.ts';
import { rootDoors } from './root-doors.ts';
import { treeOfFolder } from './tree.ts';

const tree = treeOfFolder('.');
const graph = importGraph(tree);

it('every source file lies in a layer', () => {
  expect(graph.size).toBeGreaterThan(1000);
  expect(unplaced(graph, layers)).toEqual([]);
});

it('layers form an order: no layer may import one that may import it', () => {
  expect(circlesOfLayers(layers)).toEqual([]);
});

it('every import goes down the order of layers', () => {
  expect(importsAgainst(graph, layers)).toEqual([]);
});

it('no files import each other in a circle, not even types', () => {
  expect(circlesOfFiles(graph)).toEqual([]);
});

it('packages are imported by their names, so only through their doors', () => {
  expect(importsAroundDoors(graph, packagesOf(tree), layers, byPath)).toEqual([]);
});

it('tsconfig.json leads each door of a built package to the source that it is built from', () => {
  const { paths } = settings.compilerOptions;
  const { resolve, builtDoors } = packagesOf(tree);

  expect(builtDoors.length).toBeGreaterThan(5);
  const doors = [...rootDoors, ...builtDoors.map((name) => [name, resolve(name)] as const)];
  expect(paths).toEqual(Object.fromEntries(doors.map(([name, file]) => [name, [`./${file}`]])));
});
