/** `publish`: one message, or several in one frame, to every subscriber of the channel. */

import { ConflictError } from 'fanfare-protocol/errors';
import { clientOrigin } from '../own-logic/context.ts';
import { meteredBy } from '../realtime/access/meter.ts';
import { authorize } from '../realtime/access/permissions.ts';
import { publishByRules } from '../realtime/log/publish-by-rules.ts';
import { senderOf } from '../realtime/log/sender.ts';
import type { ActionHandler } from './action.ts';

export const publish: ActionHandler<'publish'> = async (command, caller, { config, ports, meter, room }) => {
  const {
    channel,
    data,
    key,
    name,
    ifSeq,
    remove,
    messages = [{ data, key, name, ifSeq, remove }],
  } = command;
  const seqs = await publishByRules(
    {
      ports,
      channel,
      policy: authorize(config, caller, 'publish', channel),
      sender: senderOf(caller),
      origin: clientOrigin(caller),
      spend: meteredBy(meter),
    },
    messages,
  ).catch((error: unknown) => {
    // The other replies of the frame may have used up the room. Then the client reads the value.
    const isTooLarge = error instanceof ConflictError && error.current && !room.take(error.current);
    throw isTooLarge ? new ConflictError(undefined, error.index) : error;
  });
  const seq = seqs.at(-1);
  if (seq === undefined) return { event: 'published', channel };
  // The other replies of the frame may have used up the room. Then the client knows the last number, as of an older server.
  return { event: 'published', channel, seq, ...(seqs.length > 1 && room.take(seqs) && { seqs }) };
};
