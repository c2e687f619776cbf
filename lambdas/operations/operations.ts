/** The table of operations: exhaustive by compilation, one line per operation. */

import type { OperationName } from 'fanfare-protocol/operations';
import { callAction } from './call-action.ts';
import { channels } from './channels.ts';
import { closeConnection } from './close-connection.ts';
import { closeConnections } from './close-connections.ts';
import { connection } from './connection.ts';
import { connections } from './connections.ts';
import { edit } from './edit.ts';
import { forgetPosition } from './forget-position.ts';
import { history } from './history.ts';
import { members } from './members.ts';
import { occupancy } from './occupancy.ts';
import type { OperationHandler } from './operation.ts';
import { position } from './position.ts';
import { publish } from './publish.ts';
import { revoke } from './revoke.ts';
import { values } from './values.ts';

export const handlers: { readonly [O in OperationName]: OperationHandler<O> } = {
  publish,
  edit,
  history,
  values,
  position,
  forgetPosition,
  members,
  channels,
  occupancy,
  connections,
  connection,
  closeConnection,
  closeConnections,
  revoke,
  callAction,
};
