/** `npm run chaos`: causes hundreds of faults over the local runtime, and checks the promises. */

import { parseArgs } from 'node:util';
import { CommandLineError, runCommand } from '../../bin/command-line.ts';
import { isMutantName, mutants } from '../exploration/mutants.ts';
import { run } from './run.ts';
import { isClean } from './run-verdict.ts';

const USAGE = `npm run chaos -- [options]
  --seed <number>     repeats the choices of a run
  --minutes <number>  the longest that publishes and faults may go on (6)
  --short             fewer faults: ends when each kind was seen several times
  --mutant <name>     plants a mistake, which the run must find: ${Object.keys(mutants).join(', ')}
  --help              this text`;

const goals = {
  full: {
    delivered: 100_000,
    packed: 30_000,
    named: 10_000,
    conflicts: 300,
    snapshots: 200,
    cuts: 500,
    lostReplies: 100,
    kills: 200,
    packKills: 50,
    rotations: 100,
  },
  short: {
    delivered: 10_000,
    packed: 3_000,
    named: 500,
    conflicts: 15,
    snapshots: 10,
    cuts: 60,
    lostReplies: 15,
    kills: 20,
    packKills: 4,
    rotations: 10,
  },
};
const crowd = { clients: 30, channels: 10, channelsPerClient: 5 };

function optionsOf(args: readonly string[]) {
  const options = {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '6' },
    mutant: { type: 'string' },
    short: { type: 'boolean', default: false },
  } as const;
  const { seed, minutes, mutant, short } = parseArgs({ args: [...args], options }).values;
  if (mutant !== undefined && !isMutantName(mutant))
    throw new CommandLineError(`There is no mutant ${JSON.stringify(mutant)}.\n\n${USAGE}`);
  return {
    seed: Number(seed),
    longest: Number(minutes) * 60_000,
    mutant,
    goals: short ? goals.short : goals.full,
  };
}

await runCommand(async (args) => {
  const options = optionsOf(args);
  const { verdict, reached, isEnough, seconds } = await run({ ...options, ...crowd, onProgress });
  const isKept = isClean(verdict);
  if (!isKept || !isEnough) process.exitCode = 1;
  const end = !isKept ? 'BROKEN' : isEnough ? 'All promises kept.' : 'Not enough happened to tell.';
  const figures = Object.entries({ seed: options.seed, ...crowd, seconds, ...reached, ...verdict });
  const rows = figures.map(([name, value]) => `${name.padEnd(18)}${String(value).padStart(10)}`);
  return [...rows, end].join('\n');
}, USAGE);

// Open handles of the run must not keep the process alive.
process.exit();

function onProgress(soFar: object): void {
  process.stderr.write(`${JSON.stringify(soFar)}\n`);
}
