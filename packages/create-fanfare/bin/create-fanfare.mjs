#!/usr/bin/env node
/** `npm create fanfare my-app`: writes a CDK app with a Fanfare into a new folder. */

import { parseArgs } from 'node:util';
import { CreateError, createApp } from './create-app.mjs';

const USAGE = `npm create fanfare <folder> [-- options]
  <folder>             where the app is written; its last part is the name of the app
  --packages <folder>  takes fanfare, fanfare-client and fanfare-local from their tarballs in this folder
  --help               this text`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { packages: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [folder, ...others] = positionals;
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else if (folder === undefined || others.length > 0) throw new CreateError(USAGE);
  else process.stdout.write(`${await createApp(folder, values.packages)}\n`);
} catch (error) {
  if (!(error instanceof CreateError) && !isOfParseArgs(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/**
 * @param {unknown} error
 * @returns {error is Error}
 */
function isOfParseArgs(error) {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
