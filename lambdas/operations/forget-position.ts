/** `DELETE /positions`: forgets how far a user has marked a channel, which otherwise only moves forward. */

import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

export const forgetPosition: OperationHandler<'forgetPosition'> = async (reader, { ports, grants }) => {
  // A token that names channels may look at positions: to take one away is more than it was given.
  authorizeOperator({ grants });
  await ports.readPositions.forget(reader);
  return reader;
};
