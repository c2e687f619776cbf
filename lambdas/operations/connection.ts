/** `GET /connections/{connectionId}`: returns one stored connection. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

export const connection: OperationHandler<'connection'> = async ({ connectionId }, { ports, grants }) => {
  authorizeOperator({ grants });
  const found = await ports.directory.connection(connectionId);
  if (!found) throw new ProtocolError('not-found', 'There is no such connection.');
  const grouped = await ports.directory.grouped(connectionId);
  return { ...found, channels: [...found.channels, ...grouped] };
};
