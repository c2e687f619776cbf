/** Serves one of the sample apps, unchanged, for the tests of one file. */

import path from 'node:path';
import { assembleApp } from '../../../packages/local/src/cloud-assembly/assemble.ts';
import { Queue } from '../../local/queue.ts';
import { type Runtime, type RuntimeOptions, startRuntime } from '../../runtime.ts';

export interface ServedApp {
  readonly runtime: Runtime;
  /** The output of its functions and of the runtime. */
  readonly output: Queue<string>;
  /** Functions that have run, by their logical ids. */
  readonly invoked: Queue<string>;
}

export type Parameters = Readonly<Record<string, string>>;

export const appFolder = (name: string) => path.resolve(import.meta.dirname, '../../fixtures/apps', name);

/** As its developer would start it. */
export const COMMAND = 'node --import tsx app.ts';

export async function serveApp(
  name: string,
  parameters: Parameters = {},
  options: RuntimeOptions = {},
): Promise<ServedApp> {
  const output = new Queue<string>();
  const invoked = new Queue<string>();
  const source = {
    from: { app: COMMAND },
    stacks: [],
    parameters: new Map(Object.entries(parameters)),
    project: appFolder(name),
  };
  const runtime = await startRuntime({
    assemble: (outdir) => assembleApp(source, outdir),
    onOutput: (_functionName, line) => output.put(line),
    onNote: (sentence) => output.put(sentence),
    onInvoked: invoked.put,
    ...options,
  });
  return { runtime, output, invoked };
}
