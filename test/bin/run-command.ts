/** Programs of the command line as processes of their own, and an AWS on loopback for them to talk to. */

import { execFile } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { recordOutput } from '../leaks/evidence.ts';
import { listenOnLoopback } from '../loopback.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runProgram(
  program: 'token' | 'revoke' | 'console' | 'preflight' | 'protect' | 'smoke' | 'cost',
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const command = ['--conditions=fanfare-source', '--import', 'tsx', `bin/${program}.ts`, ...args];
  const options = { cwd: root, env: { ...process.env, ...variables } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, options, (_error, stdout, stderr) => {
      // Not what it prints on purpose.
      recordOutput('processes', stderr);
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

interface Asked {
  readonly url: string;
  /** What the SDK calls the operation, where it says so in a header. */
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
