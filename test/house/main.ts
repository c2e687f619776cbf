/**
 * `npm run -s house`: prints rooms, floors, imports upward, circles and the files of folders. `-- --revision 6c52afc client` reads
 * a revision; `-- --folder ../other client` another checkout.
 */

import { parseArgs } from 'node:util';
import { importGraph } from './import-graph.ts';
import { type Plan, planOf } from './rooms.ts';
import { treeOfFolder, treeOfRevision } from './tree.ts';

const HOUSES = ['packages/local/src', 'packages/client/src', 'lambdas/realtime'];

const { values, positionals } = parseArgs({
  options: { revision: { type: 'string' }, folder: { type: 'string', default: '.' } },
  allowPositionals: true,
});

const tree = values.revision ? treeOfRevision(values.folder, values.revision) : treeOfFolder(values.folder);
const graph = importGraph(tree);
const folders = positionals.length > 0 ? positionals : HOUSES;
process.stdout.write(folders.map((folder) => pageOf(folder, planOf(graph, folder))).join('\n'));

function pageOf(folder: string, { rooms, floors, upward, circles }: Plan): string {
  const files = [...rooms.values()].reduce((sum, count) => sum + count, 0);
  return [
    `${folder}: ${files} files in ${rooms.size} rooms on ${floors} floors, ${upward.length} imports upward, ${circles.length} circles of files`,
    ...[...rooms]
      .sort()
      .map(([room, count]) => `  ${room.padEnd(32)}${room.endsWith('/') ? count : ''}`.trimEnd()),
    ...upward.map(({ from, to }) => `  upward: ${from} -> ${to}`),
    ...circles.map((circle) => `  circle: ${circle.join(', ')}`),
    '',
  ].join('\n');
}
