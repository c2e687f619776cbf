/** Which functions of the manifest a stage has. It has no functions for a fallback or for events that are off, nor for packed channels without any. */

import {
  type FunctionManifest,
  type FunctionName,
  functionNames,
  manifest,
  type TableName,
} from '../../lambdas/manifest/manifest.ts';
import { tells } from './lifecycle-settings.ts';
import type { StageSettings } from './stage-settings.ts';

/** @param packed the namespaces that are delivered packed. */
export function deployedFunctions(
  settings: StageSettings,
  packed: readonly string[],
): readonly FunctionName[] {
  return functionNames.filter((name) => {
    const { onlyFor, trigger }: FunctionManifest = manifest[name];
    if (trigger.kind === 'url' && !offersFallback(settings)) return false;
    if (onlyFor === 'packed namespaces') return packed.length > 0;
    return onlyFor === undefined || tells(settings, onlyFor);
  });
}

/** The tables whose streams one of the stage's functions reads. */
export function streamedTables(settings: StageSettings, packed: readonly string[]): ReadonlySet<TableName> {
  const triggers = deployedFunctions(settings, packed).map(
    (name): FunctionManifest['trigger'] => manifest[name].trigger,
  );
  return new Set(triggers.flatMap((trigger) => (trigger.kind === 'stream' ? [trigger.table] : [])));
}

/** Not behind an edge: requests that come past the edge are refused, and the edge leads to the gateway only. */
function offersFallback({ fallback, edge }: StageSettings): boolean {
  return fallback !== 'none' && edge === 'none';
}
