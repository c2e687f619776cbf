/** Ends the processes of functions when the runtime ends, also without a word: a stopped process does not notice it. */

import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Reads `+ pid` and `- pid`. When the runtime ends, so does its input, and the shell kills those that are left. */
const SCRIPT = `
while read -r sign pid; do
  case $sign in
    +) pids="$pids $pid" ;;
    -) left=; for each in $pids; do [ "$each" = "$pid" ] || left="$left $each"; done; pids=$left ;;
  esac
done
[ -z "$pids" ] || kill -KILL $pids`;

/** One shell for all processes of this runtime. It is started with the first of them. */
let input: Writable | undefined;

export function guard(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  const tell = (sign: '+' | '-') => guardian().write(`${sign} ${pid}\n`);
  tell('+');
  child.once('exit', () => tell('-'));
}

function guardian(): Writable {
  input ??= start();
  return input;
}

function start(): Writable {
  // A session of its own, so that Ctrl-C in the terminal does not end it before its work.
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  const { stdin } = shell;
  // Without a shell, processes end only if the runtime ends in order.
  shell.on('error', () => {});
  stdin.on('error', () => {});
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return stdin;
}
