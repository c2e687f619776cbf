/** `POST /actions/{name}`: calls an action of the application's own. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { callAction as call, findAction } from '../own-actions/call-action.ts';
import { serverOrigin } from '../own-logic/context.ts';
import { unmetered } from '../realtime/access/meter.ts';
import type { OperationHandler } from './operation.ts';

export const callAction: OperationHandler<'callAction'> = async ({ name, data, key }, context) => {
  const action = findAction(context, name);
  if (!action) throw new ProtocolError('not-found', 'There is no such action.');
  const caller = { origin: serverOrigin('server', context), sender: context.sender, spend: unmetered };
  return { data: await call(action, { name, data, key }, caller, context) };
};
