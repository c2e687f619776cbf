/** What TypeScript has to understand of every door of `fanfare-local`. */

import { type Runtime, StartError, startRuntime } from 'fanfare-local';
import { assembleApp } from 'fanfare-local/assembly';
import { eventPattern } from 'fanfare-local/event-pattern';
import { parseOptions, runtimeOptions } from 'fanfare-local/flags';
import { keptSecret } from 'fanfare-local/secrets';
import { runProgram } from 'fanfare-local/terminal';

await runProgram(async (args, progress) => {
  const runtime: Runtime = await startRuntime({
    ...runtimeOptions(parseOptions(args), (line) => progress.line(line)),
    assemble: (outdir) =>
      assembleApp(
        { from: { app: 'node app.js' }, stacks: [], parameters: new Map(), project: process.cwd() },
        outdir,
      ),
  });
  await runtime.close();
});
export const secret: Promise<string> = keptSecret('.local', 'token', () => 'a secret');
export const matches = eventPattern({ source: ['chat'] }, 'rule');
export const isMistake = (error: unknown): error is StartError => error instanceof StartError;

// @ts-expect-error A runtime is told what it serves.
void startRuntime({});
