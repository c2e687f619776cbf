/** Programs of the command line as processes of their own, and an AWS on loopback for them to talk to. */

import { execFile } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { recordOutput } from '../leaks/evidence.ts';
import { listenOnLoopback } from '../loopback.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Program =
  | 'token'
  | 'revoke'
  | 'erase'
  | 'export'
  | 'replace-secret'
  | 'console'
  | 'preflight'
  | 'protect'
  | 'smoke'
  | 'conformance'
  | 'frame'
  | 'prices'
  | 'cost'
  | 'networks';

/** The program as `npm run` starts it. A start takes a second of a processor or two. */
export function runProgram(
  program: Program,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const command = ['--import', 'tsx', `bin/${program}.ts`, ...args];
  const options = { cwd: root, env: { ...process.env, ...variables } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, options, (_error, stdout, stderr) => {
      // Without the intended output.
      recordOutput('processes', stderr);
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

/**
 * The program inside of this process, with its arguments, its environment and its outputs. It must end by itself: it cannot call
 * `process.exit`. What only a real process shows, such as the flags of Node.js in `package.json`, needs `runProgram`.
 */
export async function runHere(
  program: Program,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  const outputs = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      printed[name] += String(chunk);
      return true;
    }),
  );
  const { argv } = process;
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  process.argv = [process.execPath, `bin/${program}.ts`, ...args];
  try {
    // Programs run when they are loaded. Each adds a listener for the exit of its process, and all of them share this one.
    process.setMaxListeners(process.getMaxListeners() + 1);
    vi.resetModules();
    await import(`../../bin/${program}.ts`);
  } finally {
    process.argv = argv;
    for (const output of outputs) output.mockRestore();
    vi.unstubAllEnvs();
  }
  const { exitCode } = process;
  process.exitCode = undefined;
  recordOutput('processes', printed.stderr);
  return { code: Number(exitCode ?? 0), ...printed };
}

interface Asked {
  readonly url: string;
  /** The SDK's name of the operation, if a header has it. */
  readonly operation: unknown;
  readonly body: unknown;
}

/** Answers everything with the same, until the test is over. */
export async function serveAws(answer: unknown, headers: Readonly<Record<string, string>> = {}) {
  const asked: Asked[] = [];
  const { port, close } = await listenOnLoopback(async (request, response) => {
    const body: unknown = JSON.parse(await text(request));
    asked.push({ url: request.url ?? '', operation: request.headers['x-amz-target'], body });
    response.writeHead(200, { connection: 'close', ...headers }).end(JSON.stringify(answer));
  });
  onTestFinished(close);
  return { port, asked };
}
