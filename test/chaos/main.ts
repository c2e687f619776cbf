/** `npm run chaos -- [--seed n]`: hundreds of faults over the local runtime, and what came of the promises. */

import { parseArgs } from 'node:util';
import { run } from './run.ts';
import { isClean } from './verdict.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: String(Date.now() % 1_000_000) } },
});

const goals = { delivered: 100_000, cuts: 500, kills: 200, rotations: 100, lostReplies: 100 };
const crowd = { clients: 30, channels: 10, channelsPerClient: 5 };
const seed = Number(values.seed);
const { verdict, reached, seconds } = await run({ seed, ...crowd, goals, longest: 10 * 60_000 });

const rows = [
  ['seed', seed],
  ['clients', crowd.clients],
  ['channels', crowd.channels],
  ['seconds', seconds],
  ...Object.entries({ ...reached, ...verdict }),
];
for (const [name, value] of rows)
  process.stdout.write(`${String(name).padEnd(14)}${String(value).padStart(10)}\n`);
const isEnough = Object.entries(goals).every(([name, goal]) =>
  Object.entries(reached).some(([other, count]) => other === name && count >= goal),
);
process.stdout.write(isClean(verdict) && isEnough ? 'All promises kept.\n' : 'BROKEN\n');
process.exit(isClean(verdict) && isEnough ? 0 : 1);
