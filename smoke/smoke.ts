/** The command: a stage by its flags, the groups that are wanted, and a file of what was seen. */

import { writeFile } from 'node:fs/promises';
import { deployedStage } from './aws/deployed-stage.ts';
import { chosenGroups } from './groups.ts';
import { localStage } from './local-stage.ts';
import type { SmokeOptions } from './options.ts';
import type { SmokeResult } from './result.ts';
import { runGroups } from './run.ts';
import type { Stage } from './stage.ts';

/** @throws CommandLineError when the stage cannot be found; what a stage does wrong is in the result. */
export async function smoke(options: SmokeOptions, print: (line: string) => void): Promise<SmokeResult> {
  const result = await runGroups(await stageOf(options), chosenGroups(options), print);
  await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

function stageOf({ stage, url }: SmokeOptions): Promise<Stage> {
  if (stage !== undefined) return deployedStage(stage, url);
  // The flags are one or the other.
  return localStage(url ?? '');
}
