/** Says which imports break the layer rule, each in one sentence that names both files. */

import { circles } from './circles.ts';
import type { Import, ImportGraph } from './import-graph.ts';
import type { Packages } from './packages.ts';

/**
 * Each layer, a folder or a file, by the layers that it may import. A file belongs to the deepest layer that it lies in.
 * `folder/**` permits that folder and each layer below it.
 */
export type LayerTable = Readonly<Record<string, readonly string[]>>;

/** @returns the deepest layer of the table that a file lies in */
function layerOf(file: string, table: LayerTable): string | undefined {
  return Object.keys(table)
    .filter((layer) => contains(layer, file))
    .sort((left, right) => right.length - left.length)[0];
}

/** Files that no line of the table covers. */
export function unplaced(graph: ImportGraph, table: LayerTable): string[] {
  return [...graph.keys()]
    .filter((file) => layerOf(file, table) === undefined)
    .map((file) => `${file} lies in no layer`);
}

export function importsAgainst(graph: ImportGraph, table: LayerTable): string[] {
  return importsOf(graph).flatMap(({ from, to }) => {
    const importer = layerOf(from, table);
    const imported = layerOf(to, table);
    if (importer === undefined || imported === undefined || importer === imported) return [];
    if (table[importer]?.some((allowed) => permits(allowed, imported))) return [];
    return [`${from} imports ${to}: ${importer} may not import ${imported}`];
  });
}

/** Imports of a package by a path instead of its name, except in layers that may use paths. */
export function importsAroundDoors(
  graph: ImportGraph,
  packages: Packages,
  table: LayerTable,
  byPath: LayerTable,
): string[] {
  return importsOf(graph).flatMap(({ from, to, specifier }) => {
    const entered = packages.withDoorsOf(to);
    if (entered === undefined || entered === packages.withDoorsOf(from)) return [];
    if (!specifier.startsWith('.') || byPath[entered]?.includes(layerOf(from, table) ?? '')) return [];
    return [`${from} imports ${to}: from outside, ${entered} is imported by its name`];
  });
}

export function circlesOfFiles(graph: ImportGraph): string[] {
  const edges = new Map([...graph].map(([file, imports]) => [file, imports.map(({ to }) => to)]));
  return circles(edges).map((circle) => `${circle.join(', ')} import each other in a circle`);
}

/** The table promises an order: a circle in it would allow imports in both directions. */
export function circlesOfLayers(table: LayerTable): string[] {
  const layers = Object.keys(table);
  const edges = new Map(
    layers.map((layer) => [
      layer,
      layers.filter((other) => other !== layer && table[layer]?.some((allowed) => permits(allowed, other))),
    ]),
  );
  return circles(edges).map((circle) => `${circle.join(', ')} may import each other in a circle`);
}

function permits(allowed: string, layer: string): boolean {
  return allowed.endsWith('/**') ? contains(allowed.slice(0, -3), layer) : allowed === layer;
}

function contains(layer: string, path: string): boolean {
  return path === layer || path.startsWith(`${layer}/`);
}

function importsOf(graph: ImportGraph): Import[] {
  return [...graph.values()].flat();
}
