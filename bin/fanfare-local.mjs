#!/usr/bin/env node
/**
 * `npx fanfare-local`: starts the program itself, whose TypeScript is compiled as it is loaded; there is nothing to build.
 *
 * Plain JavaScript, because this much has to run without a compiler.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from './node-flags.mjs';

// By its URL, because the current folder is that of somebody else's project.
const compiler = import.meta.resolve('tsx');
const program = fileURLToPath(new URL('./fanfare-local.ts', import.meta.url));

const flags = [...NODE_FLAGS, '--import', compiler];
const child = spawn(process.execPath, [...flags, program, ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches both of them, and so the other one once more, which it does not mind.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
process.exitCode = code ?? 1;
