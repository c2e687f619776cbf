/** `npm run chaos -- [--seed n] [--minutes n]`: hundreds of faults over the local runtime, and what came of the promises. */

import { parseArgs } from 'node:util';
import { isMutantName } from '../exploration/mutants.ts';
import { run } from './run.ts';
import { isClean } from './verdict.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** The longest that it may take. */
    minutes: { type: 'string', default: '10' },
    /** A mistake to plant, which the run must find. */
    mutant: { type: 'string' },
  },
});

const FULL = { delivered: 100_000, cuts: 500, lostReplies: 100, kills: 200, rotations: 100 };
/** Enough to find a planted mistake. */
const SHORT = { delivered: 20_000, cuts: 100, lostReplies: 20, kills: 40, rotations: 15 };

const { mutant } = values;
if (mutant !== undefined && !isMutantName(mutant)) throw new Error(`There is no mutant ${mutant}`);
const goals = mutant === undefined ? FULL : SHORT;
const crowd = { clients: 30, channels: 10, channelsPerClient: 5 };
const seed = Number(values.seed);
const longest = Number(values.minutes) * 60_000;
const { verdict, reached, isEnough, seconds } = await run({
  seed,
  mutant,
  ...crowd,
  goals,
  longest,
  onProgress,
});

const rows = [...Object.entries({ seed, ...crowd, seconds, ...reached, ...verdict })];
for (const [name, value] of rows) process.stdout.write(`${name.padEnd(18)}${String(value).padStart(10)}\n`);
const isKept = isClean(verdict) && isEnough;
process.stdout.write(
  isKept ? 'All promises kept.\n' : isEnough ? 'BROKEN\n' : 'Not enough happened to tell.\n',
);
process.exit(isKept ? 0 : 1);

function onProgress(soFar: object): void {
  process.stderr.write(`${JSON.stringify(soFar)}\n`);
}
