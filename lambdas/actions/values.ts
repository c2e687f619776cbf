/** `values`: a page of the values of a channel, for connections that may subscribe to it. */

import { requiredLogOf } from '../realtime/log/channel-log.ts';
import { snapshot } from '../realtime/log/snapshot.ts';
import type { ActionHandler } from './action.ts';
import { readablePolicy } from './readable.ts';

export const values: ActionHandler<'values'> = async ({ channel, cursor }, caller, context) => {
  const policy = await readablePolicy(context, caller, 'values', channel);
  const log = requiredLogOf(context.ports, channel, policy);
  return { event: 'values', channel, ...(await snapshot(log, cursor, context.room)) };
};
