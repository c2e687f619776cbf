/** Finds the tests that may see a change of a file: those that import it or load it by its path, over any number of files. */

import path from 'node:path';
import { type ImportGraph, importGraph } from '../house/import-graph.ts';
import type { Tree } from '../house/tree.ts';
import { filesByKind, type Kind, kinds } from '../running/kinds.ts';

/** Files that are named in a text: `new URL('./thread.mjs', import.meta.url)`, or a program that a test starts. */
const NAMED = /['"`]((?:\.{0,2}\/)?[\w./-]+\.(?:ts|mjs|js))['"`]/g;

/** The bundler reads every entry by its name in the manifest, so no import leads there. */
const BUNDLER = 'lib/bundling/bundles.ts';
const ENTRY = /^lambdas\/[^/]+\.ts$/;

/** A file that is loaded by its path runs in a bundle or another process. Tests that import the file find its faults sooner. */
const BY_PATH = 3;

/** Extra distance by the process that a file needs. With other sources, a runtime first has to synthesize its app again. */
const COST: Readonly<Record<Kind, number>> = { shared: 0, stacks: 0, alone: 1, runtime: 2 };

type Importers = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** @returns for each file, the tests that may see it, the nearest and cheapest first */
export function relatedTests(tree: Tree, root: string): (file: string) => string[] {
  const importers = importersOf(tree, importGraph(tree));
  const costs = costsOf(root);
  return (file) =>
    [...distances(importers, file)]
      .filter(([other]) => other.endsWith('.test.ts'))
      .map(([test, distance]) => [test, distance + (costs.get(test) ?? 0)] as const)
      .sort(([left, near], [right, far]) => near - far || left.localeCompare(right))
      .map(([test]) => test);
}

function costsOf(root: string): ReadonlyMap<string, number> {
  const files = filesByKind(root);
  return new Map(kinds.flatMap((kind) => files[kind].map((file) => [file, COST[kind]] as const)));
}

function importersOf(tree: Tree, graph: ImportGraph): Importers {
  const importers = new Map<string, Map<string, number>>([...tree.keys()].map((file) => [file, new Map()]));
  for (const [from, source] of tree) {
    for (const to of namedIn(from, source, tree)) importers.get(to)?.set(from, BY_PATH);
    for (const { to } of graph.get(from) ?? []) importers.get(to)?.set(from, 1);
  }
  for (const file of tree.keys()) if (ENTRY.test(file)) importers.get(file)?.set(BUNDLER, BY_PATH);
  return importers;
}

function namedIn(from: string, source: string, tree: Tree): string[] {
  return [...source.matchAll(NAMED)].flatMap(([, name = '']) =>
    [path.posix.join(path.posix.dirname(from), name), path.posix.normalize(name)].filter((to) =>
      tree.has(to),
    ),
  );
}

function distances(importers: Importers, file: string): Map<string, number> {
  const nearest = new Map([[file, 0]]);
  const open = [file];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const [importer, weight] of importers.get(next) ?? []) {
      const distance = (nearest.get(next) ?? 0) + weight;
      if (distance >= (nearest.get(importer) ?? Number.POSITIVE_INFINITY)) continue;
      nearest.set(importer, distance);
      open.push(importer);
    }
  }
  return nearest;
}
