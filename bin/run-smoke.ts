/** Runs the facts of the smoke command, prints them, and says by the exit code whether one has failed. */

import type { SmokeOptions } from '../smoke/options.ts';
import { summary } from '../smoke/report.ts';
import type { FindStage } from '../smoke/smoke.ts';

/** @param find Finds the stage of the flags. @default by its URL */
export async function runSmoke(options: SmokeOptions, find?: FindStage): Promise<string> {
  // What asks a stage takes a second to load, which neither help nor a mistake in the flags waits for.
  const { smoke } = await import('../smoke/smoke.ts');
  const result = await smoke(options, (line) => void process.stdout.write(`${line}\n`), find);
  if (result.verdict === 'failed') process.exitCode = 1;
  return summary(result, options.json);
}
