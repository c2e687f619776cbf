/** The command: finds the stage by its flags, runs the wanted groups, and writes the file of results. */

import { writeFile } from 'node:fs/promises';
import { deployedStage } from './aws/deployed-stage.ts';
import { chosenGroups } from './groups.ts';
import { localStage } from './local-stage.ts';
import type { SmokeOptions } from './options.ts';
import type { SmokeResult } from './result.ts';
import { runGroups } from './run.ts';
import type { Stage } from './stage.ts';

/** @throws CommandLineError when the stage cannot be found. Faults of a stage are in the result. */
export async function smoke(options: SmokeOptions, print: (line: string) => void): Promise<SmokeResult> {
  const result = await runGroups(await stageOf(options), chosenGroups(options), print);
  await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

function stageOf({ stage, url }: SmokeOptions): Promise<Stage> {
  if (stage !== undefined) return deployedStage(stage, url);
  // The flags name either a stage or a URL.
  return localStage(url ?? '');
}
