/**
 * The list of deployed functions, with the trigger and the needs of each. `lib/` derives environment and permissions from it,
 * `environment.ts` the type of what a function may read: code and infrastructure cannot drift apart.
 */

import { deliveryFunctions } from './deliveries.ts';
import { fallbackFunctions } from './fallbacks.ts';
import { lifecycleFunctions } from './lifecycle.ts';
import type { FunctionManifest } from './needs.ts';
import { presenceFunctions } from './presence-functions.ts';
import { serverFunctions } from './servers.ts';
import { socketFunctions } from './sockets.ts';

export type {
  ChangesPolicy,
  FilterPattern,
  FunctionManifest,
  IndexName,
  Need,
  TableName,
  Trigger,
} from './needs.ts';

export const manifest = {
  ...socketFunctions,
  ...fallbackFunctions,
  ...serverFunctions,
  ...deliveryFunctions,
  ...lifecycleFunctions,
  ...presenceFunctions,
} as const satisfies Readonly<Record<string, FunctionManifest>>;

export type FunctionName = keyof typeof manifest;

export const functionNames: readonly FunctionName[] = Object.keys(manifest).filter(isFunctionName);

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(manifest, name);
}

/** The variables that a function declared. */
export type Variable<F extends FunctionName> = keyof (typeof manifest)[F]['needs'];
