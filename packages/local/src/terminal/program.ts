/** What the programs that serve an app have in common: progress on a terminal, and an end with a sentence. */

import { Progress } from './progress.ts';

// The validation engine takes seconds and has nothing to say here; `npm run synth` runs it.
process.env['CDK_VALIDATION'] ??= 'false';
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** With these, what is printed is all that is wanted. */
const QUIET = ['--json', '--help', '-h'];

/** @param run Loads what takes time to load, and may throw. */
export async function runProgram(
  run: (args: readonly string[], progress: Progress) => Promise<void>,
): Promise<void> {
  const args = process.argv.slice(2);
  // A program that started this one with a channel follows the start by it.
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
