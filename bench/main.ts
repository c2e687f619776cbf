/** `npm run bench`: every benchmark, or the ones that are named. */

import { parseArgs } from 'node:util';
import { CommandLineError, runCommand } from '../bin/command-line.ts';
import { benchAppend } from './append.ts';
import { benchCapacity } from './capacity.ts';
import { benchClients } from './clients.ts';
import { benchFanOut } from './fan-out.ts';
import { benchFlood } from './flood.ts';
import { benchLoad } from './load.ts';
import { benchLocal } from './local.ts';
import { benchPacking } from './packing.ts';
import { benchResume } from './resume.ts';
import { benchRules } from './rules.ts';
import { benchSimulator } from './simulator/broadcast.ts';
import { benchStartUp } from './start-up.ts';
import { benchValues } from './values.ts';
import { benchWideChannel } from './wide-channel.ts';

const benchmarks = new Map([
  ['append', benchAppend],
  ['capacity', benchCapacity],
  ['clients', benchClients],
  ['fan-out', benchFanOut],
  ['flood', benchFlood],
  ['local', benchLocal],
  ['resume', benchResume],
  ['rules', benchRules],
  ['start-up', benchStartUp],
  ['values', benchValues],
  ['wide-channel', benchWideChannel],
  // After the one whose figures it stands on.
  ['simulator', benchSimulator],
  ['load', benchLoad],
  ['packing', benchPacking],
]);

const USAGE = `npm run bench -- [name ...]
  Measures, and writes docs/benchmarks/. Without a name, all of them: ${[...benchmarks.keys()].join(', ')}
  --help    this text`;

await runCommand(async (args) => {
  const { positionals: chosen } = parseArgs({ args: [...args], allowPositionals: true });
  const unknown = chosen.find((name) => !benchmarks.has(name));
  if (unknown !== undefined)
    throw new CommandLineError(`There is no benchmark ${JSON.stringify(unknown)}.\n\n${USAGE}`);
  for (const [name, run] of benchmarks) if (chosen.length === 0 || chosen.includes(name)) await run();
  return 'The figures are in docs/benchmarks/.';
}, USAGE);
