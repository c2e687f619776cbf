/** `DELETE /positions`: forgets how far a user has marked a channel, which otherwise only moves forward. */

import type { OperationHandler } from './operation.ts';
import { authorizeOperator } from './server-rights.ts';

export const forgetPosition: OperationHandler<'forgetPosition'> = async (reader, { ports, grants }) => {
  // A token that names channels may read positions. To delete a position needs a token for the whole stage.
  authorizeOperator({ grants });
  await ports.readPositions.forget(reader);
  return reader;
};
