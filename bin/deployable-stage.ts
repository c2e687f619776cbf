/** The stage that a command line names, and the region that it is deployed to. */

import { deployedStages, type StageSettings } from '../lib/settings/stage-settings.ts';
import { CommandLineError } from './command-line.ts';

/** @throws CommandLineError that names the existing stages. */
export function deployableStage(stage: string): StageSettings {
  const deployed = deployedStages();
  const settings = deployed.get(stage);
  if (settings) return settings;
  const names = [...deployed.keys()].join(' or ');
  throw new CommandLineError(`--stage takes ${names}; got ${JSON.stringify(stage)}.`);
}

/** A stage with an edge says where its backend is. Undefined for the others, which go where the credentials lead. */
export function regionOf({ edge }: StageSettings): string | undefined {
  return edge === 'none' ? undefined : edge.backendRegion;
}
