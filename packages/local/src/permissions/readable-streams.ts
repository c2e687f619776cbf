/** Lambda reads streams with the role of the function, and refuses a mapping that it could not read. */

import { StartError } from '../start-error.ts';
import type { EventSourceModel } from '../template/event-source-model.ts';
import { streamArn } from '../template/table-arn.ts';
import { readStream } from './needs.ts';
import type { Permissions } from './permissions.ts';

/** @throws StartError that names the mapping, and what its function may not do. */
export function refuseUnreadableStreams(
  eventSources: readonly EventSourceModel[],
  permissions: Permissions,
): void {
  for (const { name, functionName, tableName } of eventSources) {
    const denied = permissions.refusalFor(functionName, readStream(streamArn(tableName)));
    if (denied !== undefined) throw new StartError(`${name} cannot read its stream. ${denied}.`);
  }
}
