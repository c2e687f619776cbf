/** `npm run bench`: every benchmark, or the ones that are named. */

import { benchAppend } from './append.ts';
import { benchCapacity } from './capacity.ts';
import { benchFanOut } from './fan-out.ts';
import { benchFlood } from './flood.ts';
import { benchLocal } from './local.ts';
import { benchResume } from './resume.ts';
import { benchSimulator } from './simulator/broadcast.ts';
import { benchStartUp } from './start-up.ts';
import { benchWideChannel } from './wide-channel.ts';

const benchmarks = new Map([
  ['append', benchAppend],
  ['capacity', benchCapacity],
  ['fan-out', benchFanOut],
  ['flood', benchFlood],
  ['local', benchLocal],
  ['resume', benchResume],
  ['start-up', benchStartUp],
  ['wide-channel', benchWideChannel],
  // After the one whose figures it stands on.
  ['simulator', benchSimulator],
]);

const chosen = process.argv.slice(2);
for (const [name, run] of benchmarks) if (chosen.length === 0 || chosen.includes(name)) await run();
