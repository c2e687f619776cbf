/** `POST /revocations`: revokes the tokens of a user. */

import { endOfThisSecond, revoke as revokeUser } from '../realtime/connections/revocation.ts';
import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

export const revoke: OperationHandler<'revoke'> = async ({ user, issuedBefore }, { ports, grants }) => {
  authorizeOperator({ grants });
  return { closed: await revokeUser(ports, user, issuedBefore ?? endOfThisSecond(ports.now())) };
};
