/** `npx fanfare`: the commands of the package, in an app that has a Fanfare. */

import path from 'node:path';
import { APP_SMOKE_USAGE, parseSmokeOptions } from '../smoke/options.ts';
import { APP_TOKEN_USAGE, appToken } from './app-token.ts';
import { CommandLineError, runCommand } from './command-line.ts';
import { runSmoke } from './run-smoke.ts';

type Command = (args: readonly string[]) => Promise<string>;

const commands = new Map<string | undefined, Command>([
  ['token', (args) => appToken(args, path.resolve('.fanfare-local/secrets'))],
  ['smoke', async (args) => runSmoke(parseSmokeOptions(args, APP_SMOKE_USAGE))],
]);

const USAGE = `${APP_TOKEN_USAGE}\n\n${APP_SMOKE_USAGE}`;

await runCommand(async ([command, ...args]) => {
  const run = commands.get(command);
  if (run) return run(args);
  throw new CommandLineError(USAGE);
}, USAGE);
