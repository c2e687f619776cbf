/** `npm run -s token`: prints a token for the local runtime, or for a deployed stage whose secret one may read. */

import { LOCAL_SECRETS } from '../local/secrets/secret-files.ts';
import { runCommand } from './command-line.ts';
import { issueToken } from './issue-token.ts';
import { parseTokenOptions } from './token-options.ts';

await runCommand(async (args) => {
  const options = parseTokenOptions(args);
  if (Object.keys(options.channels).length === 0 && !options.isServer)
    process.stderr.write(
      'This token names no channel: it is good for what anyone may do, and for the inbox.\n',
    );
  return issueToken(options, LOCAL_SECRETS);
});
