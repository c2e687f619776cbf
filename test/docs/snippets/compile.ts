/** The errors of the compiler for TypeScript in a checkout, with the project's own settings. */

import path from 'node:path';
import type { Checkout } from './checkout.ts';
import { ROOT } from './checkout.ts';
import { runProcess } from './run-process.ts';

/** Fragments declare unused names, and may use the DOM. */
const settings = {
  extends: path.join(ROOT, 'tsconfig.json'),
  compilerOptions: {
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    jsx: 'react-jsx',
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
};

/** @returns the errors of each of these files, which the checkout has: one line each. */
export async function compile(checkout: Checkout, files: readonly string[]): Promise<Map<string, string[]>> {
  await checkout.write('tsconfig.json', JSON.stringify({ ...settings, files }));
  const printed = await runProcess(path.join(ROOT, 'node_modules/.bin/tsc'), ['--pretty', 'false'], {
    cwd: checkout.folder,
  });
  const lines = printed.split('\n').filter((line) => line.includes('error TS'));
  // An error without a file is in the settings, and concerns all files.
  const concerns = (line: string, file: string) => line.startsWith(`${file}(`) || line.startsWith('error');
  return new Map(files.map((file) => [file, lines.filter((line) => concerns(line, file))]));
}
