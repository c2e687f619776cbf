/** Measures a folder: its rooms, how many floors they form, and which imports lead back up. */

import path from 'node:path';
import { circles, components } from './circles.ts';
import { edgesOf, type Import, type ImportGraph } from './import-graph.ts';
import { importsUpward } from './upward.ts';

export interface Plan {
  /** Files and folders directly in the folder, and how many files each of them has. */
  readonly rooms: ReadonlyMap<string, number>;
  /** Length of the longest chain of rooms that import each other; rooms in a circle share a floor. */
  readonly floors: number;
  /** Imports between rooms that no order of the rooms can turn downward. */
  readonly upward: readonly Import[];
  /** Circles of files in the folder. */
  readonly circles: readonly (readonly string[])[];
}

export function planOf(graph: ImportGraph, folder: string): Plan {
  const files = [...graph.keys()].filter((file) => file.startsWith(`${folder}/`));
  const inside = new Set(files);
  const imports = files.flatMap((file) => graph.get(file) ?? []).filter(({ to }) => inside.has(to));
  const room = (file: string) => roomOf(folder, file);
  const rooms = new Map<string, number>();
  for (const file of files) rooms.set(room(file), (rooms.get(room(file)) ?? 0) + 1);
  const between = imports.filter(({ from, to }) => room(from) !== room(to));
  return {
    rooms,
    floors: floorsOf(edgesOf([...rooms.keys()], between, room)),
    upward: importsUpward([...rooms.keys()], between, room),
    circles: circles(edgesOf(files, imports, (file) => file)),
  };
}

function roomOf(folder: string, file: string): string {
  const [room = file, inner] = path.posix.relative(folder, file).split('/');
  return inner === undefined ? room : `${room}/`;
}

function floorsOf(edges: ReadonlyMap<string, ReadonlySet<string>>): number {
  const floors = new Map<string, number>();
  // Components come after those that they lead to, so the floors below are known.
  for (const component of components(edges)) {
    const below = component.flatMap((room) =>
      [...(edges.get(room) ?? [])].map((next) => floors.get(next) ?? 0),
    );
    const floor = 1 + Math.max(0, ...below);
    for (const room of component) floors.set(room, floor);
  }
  return Math.max(0, ...floors.values());
}
