/** `npm run chaos -- [--seed n] [--minutes n] [--mutant name]`: hundreds of faults over the local runtime, and what came of the promises. */

import { parseArgs } from 'node:util';
import { isMutantName } from '../exploration/mutants.ts';
import { run } from './run.ts';
import { isClean } from './verdict.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** The longest that publishes and faults may go on. */
    minutes: { type: 'string', default: '6' },
    /** A mistake to plant, which the run must find. */
    mutant: { type: 'string' },
  },
});

const goals = { delivered: 100_000, cuts: 500, lostReplies: 100, kills: 200, rotations: 100 };

const { mutant } = values;
if (mutant !== undefined && !isMutantName(mutant)) throw new Error(`There is no mutant ${mutant}`);
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
const isKept = isClean(verdict);
process.stdout.write(
  !isKept ? 'BROKEN\n' : isEnough ? 'All promises kept.\n' : 'Not enough happened to tell.\n',
);
process.exit(isKept && isEnough ? 0 : 1);

function onProgress(soFar: object): void {
  process.stderr.write(`${JSON.stringify(soFar)}\n`);
}
