/** `DELETE /connections/{connectionId}`: closes one connection. Its client may connect again with the same token. */

import { forget } from '../realtime/connections/membership.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

export const closeConnection: OperationHandler<'closeConnection'> = async (
  { connectionId },
  { ports, grants },
) => {
  authorizeOperator({ grants });
  // The gateway answers 400 for an id that it cannot have given out.
  if (!(await ports.directory.connection(connectionId))) return { closed: 0 };
  const outcome = await ports.outbound.disconnect(connectionId);
  await forget(ports, connectionId);
  return { closed: outcome === 'closed' ? 1 : 0 };
};
