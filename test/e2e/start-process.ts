/** `npm start` and `fanfare-local` as processes of their own, for facts that show only from outside. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import manifest from '../../package.json' with { type: 'json' };
import { NODE_FLAGS } from '../../packages/local/bin/node-flags.mjs';
import { recordProcess } from '../leaks/evidence.ts';
import { tokenSecretOf } from '../tokens.ts';

/** Both tell of the same steps and end in the same ways. A small app starts in a second, Fanfare in four. */
export type Program = 'npm start' | 'fanfare-local';

const root = fileURLToPath(new URL('../..', import.meta.url));

const readyLine = v.object({
  websocket: v.string(),
  http: v.string(),
  console: v.string(),
  dynamodb: v.string(),
  secretsManager: v.string(),
  tables: v.array(v.string()),
});

export type ReadyLine = v.InferOutput<typeof readyLine>;

export interface Started {
  readonly ready: ReadyLine;
  /** Its output so far. */
  readonly lines: readonly string[];
  /** Sends the signal that Ctrl-C sends, and answers the exit code. */
  interrupt(): Promise<number | null>;
}

/** A process that gets as far as being ready. */
export async function start(flags: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Started> {
  const child = spawnMain('npm start', [...flags, '--json'], variables);
  const exited = once(child, 'close');
  const lines: string[] = [];
  const output = createInterface(child.stdout).on('line', (text) => lines.push(text));
  const [line] = await once(output, 'line');
  const ready = v.parse(readyLine, JSON.parse(line));
  // This registers the secret with the search for leaks, even if the test does not need it.
  await tokenSecretOf({ urls: ready });
  return {
    ready,
    lines,
    async interrupt() {
      child.kill('SIGINT');
      const [code] = await exited;
      return code;
    },
  };
}

/** A process that does not start: its exit code and its whole output. */
export async function startInVain(
  program: Program,
  flags: readonly string[],
): Promise<{ code: number; output: string }> {
  const child = spawnMain(program, flags, {});
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

/** The output of a start without `--json`, until it is ready and interrupted. */
export async function startAndRead(
  variables: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnMain('npm start', ['--port', '0'], variables);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
    child.kill('SIGINT');
  });
  child.stderr.on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** The outcome of an interrupted start. */
export interface Interrupted {
  readonly code: number | null;
  /** All steps that it reported. */
  readonly steps: readonly string[];
  readonly stderr: string;
}

/**
 * Sends the signal as soon as the process reports this step of its start.
 *
 * The output has ended only when every process that holds it has ended, those that it started included.
 */
export async function interruptAt(
  step: string,
  variables: NodeJS.ProcessEnv,
  {
    program = 'npm start',
    flags = [],
    signals = ['SIGINT'],
  }: {
    readonly program?: Program;
    readonly flags?: readonly string[];
    readonly signals?: readonly NodeJS.Signals[];
  } = {},
): Promise<Interrupted> {
  const child = spawnMain(program, [...flags, '--port', '0', '--json'], variables);
  const steps: string[] = [];
  child.on('message', (message) => {
    const told = v.parse(stepMessage, message);
    steps.push(told.step);
    if (!told.step.startsWith(step)) return;
    for (const signal of signals) child.kill(signal);
  });
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, steps, stderr };
}

const stepMessage = v.object({ step: v.string() });

/** As the script `start` has it. */
const [, ...started] = manifest.scripts.start.split(' ');

/** The flags of Node.js and the program: the launcher of `fanfare-local` starts it with the same ones, and passes no channel on. */
const commands: Readonly<Record<Program, readonly string[]>> = {
  'npm start': started,
  'fanfare-local': [
    ...NODE_FLAGS,
    '--import',
    './packages/local/src/terminal/interruptible.mjs',
    '--import',
    'tsx',
    'packages/local/bin/cli.ts',
  ],
};

function spawnMain(program: Program, flags: readonly string[], variables: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [...commands[program], ...flags], {
    cwd: root,
    env: { ...process.env, ...variables },
    // The process reports the steps of its start by this channel.
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  recordProcess(child);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The process has no output');
  return Object.assign(child, { stdout, stderr });
}
