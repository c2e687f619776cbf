/** `DELETE /connections?user=`: closes all of a user's; `POST /revocations` also keeps them out. */

import { closeAll } from '../realtime/connections/revocation.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

export const closeConnections: OperationHandler<'closeConnections'> = async ({ user }, { ports, grants }) => {
  authorizeOperator({ grants });
  return { closed: await closeAll(ports, user) };
};
