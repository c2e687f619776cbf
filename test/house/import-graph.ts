/** Which file imports which: relative specifiers, and packages of this repository by their `exports`. */

import path from 'node:path';
import { importsOf } from './imports.ts';
import { type Packages, packagesOf } from './packages.ts';
import { rootDoors } from './root-doors.ts';
import type { Tree } from './tree.ts';

export interface Import {
  readonly from: string;
  readonly to: string;
  /** The written specifier: a path or the name of a package. */
  readonly specifier: string;
}

/** Each source file of a tree, with its imports of other files of that tree. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

export function importGraph(tree: Tree): ImportGraph {
  const packages = packagesOf(tree);
  const sources = [...tree].filter(([file]) => !file.endsWith('.json'));
  return new Map(sources.map(([from, source]) => [from, importsFrom(from, source, tree, packages)]));
}

/** The graph of coarser nodes, such as folders. */
export function edgesOf(
  nodes: readonly string[],
  imports: readonly Import[],
  nodeOf: (file: string) => string,
): Map<string, Set<string>> {
  const edges = new Map(nodes.map((node) => [node, new Set<string>()]));
  for (const { from, to } of imports) edges.get(nodeOf(from))?.add(nodeOf(to));
  return edges;
}

function importsFrom(from: string, source: string, tree: Tree, packages: Packages): Import[] {
  return importsOf(from, source).flatMap((specifier) => {
    const to = specifier.startsWith('.')
      ? relative(from, specifier, tree)
      : (rootDoors.get(specifier) ?? packages.resolve(specifier));
    return to !== undefined && tree.has(to) ? [{ from, to, specifier }] : [];
  });
}

/** The console's `client.js` is built later: only its declaration is in the tree. */
function relative(from: string, specifier: string, tree: Tree): string {
  const to = path.posix.join(path.posix.dirname(from), specifier);
  return tree.has(to) ? to : to.replace(/\.js$/, '.d.ts');
}
