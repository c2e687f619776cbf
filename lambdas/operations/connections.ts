/** `GET /connections`: returns the stored connections of all users or of one, without their channels in grouped namespaces. */

import { connectionsOf } from '../realtime/connections/revocation.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

export const connections: OperationHandler<'connections'> = async ({ user, cursor }, { ports, grants }) => {
  authorizeOperator({ grants });
  if (user === undefined) return ports.directory.connections(cursor);
  // A user has at most 100 connections, so they are one page.
  const ids = await connectionsOf(ports, user);
  const found = await Promise.all(ids.map((id) => ports.directory.connection(id)));
  return { connections: found.filter((connection) => connection !== undefined) };
};
