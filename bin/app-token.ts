/** Makes a token for a stage that the local runtime has served in an app's folder. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { signOwnToken } from '../lambdas/identity/own-token.ts';
import { CommandLineError } from './command-line.ts';
import { claimsOf } from './token-claims.ts';
import { parseTokenOptions, TOKEN_FLAGS } from './token-options.ts';

export const APP_TOKEN_USAGE = `npx fanfare token --user <id> [options]
${TOKEN_FLAGS}
  --stage <name>                       a stage that fanfare-local serves, if the app has several (the only one)
  --help                               this text`;

/** The file in which the local runtime keeps `<stage>/token-secret`. */
const SECRET = /^(?<stage>local[\w-]*)%2ftoken-secret$/;

/**
 * @param folder The folder in which `fanfare-local` keeps the secrets of the app.
 * @throws CommandLineError for a wrong flag, and for a stage that has not been served here.
 */
export async function appToken(args: readonly string[], folder: string): Promise<string> {
  const options = parseTokenOptions(args, APP_TOKEN_USAGE);
  const stages = await stagesIn(folder);
  const stage = chosen(stages, options.stage);
  const secret = await readFile(path.join(folder, `${stage}%2ftoken-secret`), 'utf8');
  return signOwnToken(secret, claimsOf({ ...options, stage }));
}

async function stagesIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((file) => SECRET.exec(file)?.groups?.['stage'] ?? []);
}

/** @param wanted `local` means the only one. */
function chosen(stages: readonly string[], wanted: string): string {
  if (stages.length === 0)
    throw new CommandLineError(
      'No stage was served in this folder yet: start the app with "npx fanfare-local".',
    );
  if (stages.includes(wanted)) return wanted;
  const [only, ...others] = stages;
  if (wanted === 'local' && only !== undefined && others.length === 0) return only;
  throw new CommandLineError(`Choose the stage with --stage: ${stages.toSorted().join(', ')}.`);
}
