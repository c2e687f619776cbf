/** The command: finds the stage by its flags, runs the wanted groups, and writes the file of results. */

import { writeFile } from 'node:fs/promises';
import { placesOf } from './configuration.ts';
import { chosenGroups } from './groups.ts';
import { localStage } from './local-stage.ts';
import { isOfThisMachine, type SmokeOptions } from './options.ts';
import type { SmokeResult } from './result.ts';
import { runGroups } from './run.ts';
import type { Stage, Terms } from './stage.ts';
import { stageAt } from './url-stage.ts';
import { BARE, wrappingOf } from './wrapping.ts';

export type FindStage = (options: SmokeOptions, terms: Terms) => Promise<Stage>;

/**
 * @param find Finds the stage of the flags.
 * @throws CommandLineError when the stage cannot be found. Faults of a stage are in the result.
 */
export async function smoke(
  options: SmokeOptions,
  print: (line: string) => void,
  find: FindStage = stageByUrl,
): Promise<SmokeResult> {
  const { name, tokens, serverToken, message } = options;
  const terms: Terms = {
    given: { users: tokens, ...(serverToken !== undefined && { server: serverToken }) },
    places: await placesOf(name, options),
    wrapping: message === undefined ? BARE : wrappingOf(message),
  };
  const result = await runGroups(await find(options, terms), chosenGroups(options), print);
  await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** The flags name a URL if they name no stage. */
export function stageByUrl({ url = '', apiUrl, secret }: SmokeOptions, terms: Terms): Promise<Stage> {
  return isOfThisMachine(url) ? localStage(url, terms) : stageAt({ url, apiUrl, secret }, terms);
}
