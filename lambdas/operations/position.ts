/** `GET /positions`: how far a user has read. A position says something about a person, so it needs the same right as `members`. */

import type { OperationHandler } from './operation.ts';
import { authorizeServer } from './server-rights.ts';

export const position: OperationHandler<'position'> = async ({ user, channel }, context) => {
  authorizeServer(context, 'members', channel);
  const seq = await context.ports.readPositions.read({ user, channel });
  return { user, channel, ...(seq !== undefined && { seq }) };
};
