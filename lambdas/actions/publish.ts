/** `publish`: one message, or several in one frame, to every subscriber of the channel. */

import { authorize } from '../realtime/permissions.ts';
import { publish as send } from '../realtime/publish.ts';
import type { ActionHandler } from './action.ts';

export const publish: ActionHandler<'publish'> = async (command, session, { config, ports }) => {
  const { channel, data, key, messages = [{ data, key }] } = command;
  authorize(config, session, 'publish', channel);
  await send(ports, session, channel, messages);
  return { event: 'published', channel };
};
