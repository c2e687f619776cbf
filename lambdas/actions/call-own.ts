/** An action of the application's own, called by a client. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { OwnCommand, OwnReply } from 'fanfare-protocol/own-action';
import { callAction, findAction } from '../own-actions/call-action.ts';
import { clientOrigin } from '../own-logic/context.ts';
import { meteredBy } from '../realtime/access/meter.ts';
import type { Caller } from '../realtime/access/session.ts';
import { senderOf } from '../realtime/log/sender.ts';
import type { FrameContext } from './action.ts';

const NO_ROOM = new ProtocolError(
  'too-large',
  'The action has run, but its result does not fit into the one reply to all commands of its frame.',
);

/** @throws ProtocolError, HandlerFailure as `callAction` does. */
export async function callOwn(
  { action: name, data, key }: OwnCommand,
  caller: Caller,
  context: FrameContext,
): Promise<OwnReply> {
  const action = findAction(context, name);
  if (!action) throw new ProtocolError('unknown-action', 'This action does not exist.');
  const { meter, room } = context;
  const result = await callAction(
    action,
    { name, data, key },
    {
      origin: clientOrigin(caller),
      sender: senderOf(caller),
      spend: meteredBy(meter),
    },
    context,
  );
  if (!room.take(result)) throw NO_ROOM;
  return { event: name, data: result };
}
