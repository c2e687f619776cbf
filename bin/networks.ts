/** `npm run -s networks`: puts the client on bad networks, and counts what it misses. */

import { NETWORKS_USAGE, parseNetworksOptions } from '../bench/networks/options.ts';
import { playAll, situationNames } from '../bench/networks/play-all.ts';
import { runCommand } from './command-line.ts';

await runCommand(async (args) => {
  const options = parseNetworksOptions(args, situationNames);
  const broken = await playAll(options, (line) => void process.stdout.write(`${line}\n`));
  if (broken.length === 0) return 'All messages came, each once, and every bound is kept.';
  process.exitCode = 1;
  return `BROKEN: ${broken.map(({ name }) => name).join(', ')}. Seed ${options.seed}.`;
}, NETWORKS_USAGE);
