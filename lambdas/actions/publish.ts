/** `publish`: one message, or several in one frame, to every subscriber of the channel. */

import type { Spend } from '../realtime/access/meter.ts';
import { retentionOf } from '../realtime/access/namespaces.ts';
import { authorize } from '../realtime/access/permissions.ts';
import { publishLive, publishLogged } from '../realtime/log/publish.ts';
import { senderOf } from '../realtime/log/sender.ts';
import type { ActionHandler } from './action.ts';

export const publish: ActionHandler<'publish'> = async (command, session, { config, ports, meter }) => {
  const { channel, data, key, messages = [{ data, key }] } = command;
  const retention = retentionOf(authorize(config, session, 'publish', channel));
  const sender = senderOf(session);
  const spend: Spend = (bytes) => meter.spend(bytes);
  if (!retention) {
    await publishLive(ports, sender, channel, messages, spend);
    return { event: 'published', channel };
  }
  const seq = await publishLogged(ports, sender, channel, messages, retention, spend);
  return { event: 'published', channel, seq };
};
