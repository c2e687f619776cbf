/** `npm run -s revoke`: makes a user's tokens worthless and closes their connections. */

import { parseArgs } from 'node:util';
import { CommandLineError, runCommand } from './command-line.ts';
import { revokeUser } from './revoke-user.ts';
import { userOf } from './token-options.ts';

const USAGE = `npm run -s revoke -- --user <id> [options]
  --user <id>       whose tokens and connections
  --stage <name>    local, or a deployed stage whose functions AWS lets you invoke (local)
  --port <number>   where the local runtime listens (8080)
  --help            this text`;

await runCommand(async (args) => revokeUser(optionsOf(args)), USAGE);

function optionsOf(args: readonly string[]) {
  const options = {
    user: { type: 'string' },
    stage: { type: 'string', default: 'local' },
    port: { type: 'string', default: '8080' },
  } as const;
  const { user, stage, port } = parseArgs({ args: [...args], options }).values;
  if (!user) throw new CommandLineError(USAGE);
  return { user: userOf(user), stage, port };
}
