/** `npm run bench`: every benchmark, or the ones that are named. */

import { benchAppend } from './append.ts';
import { benchCapacity } from './capacity.ts';
import { benchResume } from './resume.ts';

const benchmarks = new Map([
  ['append', benchAppend],
  ['capacity', benchCapacity],
  ['resume', benchResume],
]);

const chosen = process.argv.slice(2);
for (const [name, run] of benchmarks) if (chosen.length === 0 || chosen.includes(name)) await run();
