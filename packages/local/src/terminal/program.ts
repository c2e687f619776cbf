/** Runs a program that serves an app: shows its progress, and ends it with one sentence if it fails. */

import { Progress } from './progress.ts';

/** With these flags, no progress is shown. */
const QUIET = ['--json', '--help', '-h'];

/** @param run Loads the slow modules and starts. It may throw. */
export async function runProgram(
  run: (args: readonly string[], progress: Progress) => Promise<void>,
): Promise<void> {
  // This comes first, so that Ctrl-C works while everything else is loaded.
  await import('./interruptible.mjs');
  // The validation engine of the CDK takes seconds, and matters only for a deployment.
  process.env['CDK_VALIDATION'] ??= 'false';
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const args = process.argv.slice(2);
  // A parent process with a channel gets each step.
  const tell = (step: string) => void process.send?.({ step });
  const progress = new Progress(process.stderr, !args.some((arg) => QUIET.includes(arg)), tell);
  progress.step('Loading');
  try {
    await run(args, progress);
    progress.done();
  } catch (error) {
    const { described } = await import('./mistakes.ts');
    progress.done();
    progress.line(described(error));
    process.exit(1);
  }
}
