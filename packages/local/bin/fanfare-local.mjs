#!/usr/bin/env node
/**
 * `npx fanfare-local`: starts the program itself with the flags of Node.js that it wants.
 *
 * Plain JavaScript, because this much has to run without a compiler: in the checkout, `tsx` compiles the program as it is loaded.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from './node-flags.mjs';

/** @param {string} name */
const place = (name) => new URL(name, import.meta.url);
/** Only the checkout has it: what is packed is compiled. */
const source = place('./cli.ts');
const isCheckout = existsSync(source);
const program = fileURLToPath(isCheckout ? source : place('../dist/bin/cli.js'));
const interruptible = place(`../${isCheckout ? 'src' : 'dist'}/terminal/interruptible.mjs`).href;
// By its URL, because the current folder belongs to another project.
const compiler = isCheckout ? ['--import', import.meta.resolve('tsx')] : [];

const flags = [...NODE_FLAGS, '--import', interruptible, ...compiler];
const child = spawn(process.execPath, [...flags, program, ...process.argv.slice(2)], { stdio: 'inherit' });
let isInterrupted = false;
// Ctrl-C reaches both processes, so the other one gets the signal twice, which does no harm.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => {
    isInterrupted = true;
    child.kill(signal);
  });
const [code] = await once(child, 'exit');
// Node.js itself dies of a signal in the first moment of its life, before any program can listen.
process.exitCode = isInterrupted ? 0 : (code ?? 1);
