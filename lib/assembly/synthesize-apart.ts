/**
 * Synthesizes the app in a process of its own, for `npm start`. There are two reasons: the CDK occupies its thread for a second,
 * in which neither Ctrl-C nor a message would be handled; and a loaded module never changes, so only a new process sees an edit
 * of `lib/` or of the manifest.
 */

import type { SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Assembly, readAssembly, StartError } from 'fanfare-local/assembly';
import { removeNow, spawnGroup } from 'fanfare-local/terminal';
import * as v from 'valibot';
import { PROJECT, unfinishedBuilds } from '../bundling/bundle-folders.ts';
import { stackNameOf } from '../settings/stack-name.ts';

const synthesisMessage = v.union([v.object({ step: v.string() }), v.object({ mistake: v.string() })]);

export type SynthesisMessage = v.InferOutput<typeof synthesisMessage>;

const PROGRAM = fileURLToPath(new URL('./synthesis-process.ts', import.meta.url));

/** @throws StartError in a sentence. The output of the process explains errors that are not mistakes of the person at the terminal. */
export async function synthesizeApart(outdir: string, onStep: (step: string) => void): Promise<Assembly> {
  let mistake: string | undefined;
  // The standard output belongs to the served app.
  const options: SpawnOptions = { cwd: PROJECT, stdio: ['ignore', 2, 'inherit', 'ipc'] };
  const child = spawnGroup(process.execPath, ['--import', 'tsx', PROGRAM, outdir], options, (pid) =>
    unfinishedBuilds(pid).forEach(removeNow),
  );
  child.on('message', (message) => {
    const told = v.parse(synthesisMessage, message);
    if ('step' in told) onStep(told.step);
    else ({ mistake } = told);
  });
  const [code, signal] = await once(child, 'close');
  if (code === 0) return readAssembly(outdir, stackNameOf('local'));
  throw new StartError(mistake ?? `The synthesis ended with ${signal ?? `exit code ${code}`}.`);
}
