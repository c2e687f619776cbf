/** `publish`: one message, or several in one frame, to every subscriber of the channel. */

import type { Spend } from '../realtime/access/meter.ts';
import { authorize } from '../realtime/access/permissions.ts';
import { logOf } from '../realtime/log/channel-log.ts';
import { publishLive, publishLogged } from '../realtime/log/publish.ts';
import { senderOf } from '../realtime/log/sender.ts';
import type { ActionHandler } from './action.ts';

export const publish: ActionHandler<'publish'> = async (command, session, { config, ports, meter }) => {
  const { channel, data, key, messages = [{ data, key }] } = command;
  const log = logOf(ports, channel, authorize(config, session, 'publish', channel));
  const sender = senderOf(session);
  const spend: Spend = (bytes) => meter.spend(bytes);
  if (!log) {
    await publishLive(ports, channel, sender, messages, spend);
    return { event: 'published', channel };
  }
  const seq = await publishLogged(log, sender, messages, spend);
  return { event: 'published', channel, seq };
};
