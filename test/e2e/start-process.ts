/** `npm start` as a process of its own, for what can only be seen from outside. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { recordProcess } from '../leaks/evidence.ts';
import { tokenSecretOf } from '../tokens.ts';

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
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** Sends the signal that Ctrl-C sends, and answers the exit code. */
  interrupt(): Promise<number | null>;
}

/** A process that gets as far as being ready. */
export async function start(flags: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Started> {
  const child = spawnMain([...flags, '--json'], variables);
  const exited = once(child, 'close');
  const lines: string[] = [];
  const output = createInterface(child.stdout).on('line', (text) => lines.push(text));
  const [line] = await once(output, 'line');
  const ready = v.parse(readyLine, JSON.parse(line));
  // Nobody may see it printed, whether or not the test has a use for it.
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

/** A process that does not: its exit code and all that it said. */
export async function startInVain(flags: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawnMain(flags, {});
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

function spawnMain(flags: readonly string[], variables: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', ...flags], {
    cwd: root,
    env: { ...process.env, ...variables },
  });
  recordProcess(child);
  return child;
}
