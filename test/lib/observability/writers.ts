/** Which functions can write which log lines: those whose modules name the line. */

import { fileURLToPath } from 'node:url';
import { type FunctionName, functionNames } from '../../../lambdas/manifest/manifest.ts';
import { logLines } from '../../../lambdas/realtime/log-lines.ts';
import { importGraph } from '../../house/import-graph.ts';
import { type Tree, treeOfFolder } from '../../house/tree.ts';

export type LineName = keyof typeof logLines;

const root = fileURLToPath(new URL('../../../', import.meta.url));

const TABLE = 'lambdas/realtime/log-lines.ts';

/** The functions and what they import, without the table itself. The configuration of an app writes no line of ours. */
export function sourcesOfFunctions(): Tree {
  const ours = /^(lambdas|packages\/protocol)\//;
  return new Map([...treeOfFolder(root)].filter(([file]) => ours.test(file) && file !== TABLE));
}

/** For each function, the lines that its modules name, those of imported modules included. */
export function linesByFunction(tree: Tree): ReadonlyMap<FunctionName, ReadonlySet<LineName>> {
  const graph = importGraph(tree);
  return new Map(
    functionNames.map((name) => {
      const entry = `lambdas/${name}.ts`;
      const reached = new Set([entry]);
      for (const file of reached) for (const { to } of graph.get(file) ?? []) reached.add(to);
      return [name, new Set([...reached].flatMap((file) => namedIn(tree.get(file) ?? '')))];
    }),
  );
}

export function namedIn(source: string): LineName[] {
  return [...source.matchAll(/\blogLines\.(\w+)/g)].flatMap(([, name = '']) => (isLine(name) ? [name] : []));
}

function isLine(name: string): name is LineName {
  return Object.hasOwn(logLines, name);
}
