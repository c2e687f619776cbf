/** `edit`: new data for a message that was published, or its deletion. It is a message itself, to every subscriber of the channel. */

import { clientOrigin } from '../own-logic/context.ts';
import { meteredBy } from '../realtime/access/meter.ts';
import { authorizeEdit } from '../realtime/access/permissions.ts';
import { editByRules } from '../realtime/log/edit-by-rules.ts';
import { senderOf } from '../realtime/log/sender.ts';
import type { ActionHandler } from './action.ts';

export const edit: ActionHandler<'edit'> = async (command, caller, { config, ports, meter }) => {
  const { channel } = command;
  const rights = authorizeEdit(config, caller, channel);
  const origin = clientOrigin(caller);
  const editing = { ports, channel, ...rights, sender: senderOf(caller), origin, spend: meteredBy(meter) };
  return { event: 'edited', channel, seq: await editByRules(editing, command) };
};
