/** The stage that a command line names, and the region that it is deployed to. */

import { type StageSettings, stages } from '../lib/stage-settings.ts';
import { CommandLineError } from './command-line.ts';

/** @throws CommandLineError that names those there are. */
export function deployableStage(stage: string): StageSettings {
  const deployable: readonly StageSettings[] = Object.values(stages).filter(({ name }) => name !== 'local');
  const settings = deployable.find(({ name }) => name === stage);
  if (settings) return settings;
  const names = deployable.map(({ name }) => name).join(' or ');
  throw new CommandLineError(`--stage takes ${names}; got ${JSON.stringify(stage)}.`);
}

/** A stage with an edge says where its backend is. Undefined for the others, which go where the credentials lead. */
export function regionOf({ edge }: StageSettings): string | undefined {
  return edge === 'none' ? undefined : edge.backendRegion;
}
