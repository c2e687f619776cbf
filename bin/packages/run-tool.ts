/** Runs a tool of `node_modules/.bin`, or any other program. */

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './places.ts';

const run = promisify(execFile);

/** @throws Error with everything that the program printed, when it fails. */
export async function runProgram(file: string, args: readonly string[], cwd = ROOT): Promise<string> {
  try {
    const { stdout } = await run(file, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = Object(error);
    throw new Error(`${path.basename(file)} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

export async function runTool(name: string, args: readonly string[], cwd = ROOT): Promise<string> {
  return runProgram(path.join(ROOT, 'node_modules/.bin', name), args, cwd);
}
