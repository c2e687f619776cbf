/** `npm run -s token`: prints a token for the local runtime, or for a deployed stage if its user may read the secret. */

import { runCommand } from './command-line.ts';
import { issueToken } from './issue-token.ts';
import { LOCAL_SECRETS } from './local-secrets.ts';
import { parseTokenOptions, TOKEN_USAGE } from './token-options.ts';

await runCommand(async (args) => issueToken(parseTokenOptions(args), LOCAL_SECRETS), TOKEN_USAGE);
