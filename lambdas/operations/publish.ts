/** `POST /messages`: sends the same messages to every named channel. A failure in one channel does not affect the others. */

import { ALL, userChannel } from 'fanfare-protocol/channel';
import type { OperationInput, OperationReply } from 'fanfare-protocol/operations';
import { unmetered } from '../realtime/access/meter.ts';
import { visitInFlight } from '../realtime/in-flight.ts';
import { logOf } from '../realtime/log/channel-log.ts';
import { publishLive, publishLogged } from '../realtime/log/publish.ts';
import type { PublishContext } from './operation.ts';
import { refusalOf } from './refusal.ts';
import { authorizeServer } from './server-rights.ts';

/** A few requests each, and a broadcast. */
const CHANNELS_IN_FLIGHT = 8;

type Input = OperationInput<'publish'>;
type Reply = OperationReply<'publish'>;
type Result = Reply['results'][number];

export async function publish(input: Input, context: PublishContext): Promise<Reply> {
  const results = new Map<string, Result>();
  const channels = channelsOf(input);
  await visitInFlight(channels, CHANNELS_IN_FLIGHT, async (channel) => {
    results.set(channel, await publishTo(channel, input, context));
  });
  return { results: channels.map((channel) => results.get(channel) ?? { channel }) };
}

/** Each once. */
function channelsOf({ channels = [], users = [], everyone = false }: Input): string[] {
  return [...new Set([...channels, ...users.map(userChannel), ...(everyone ? [ALL] : [])])];
}

async function publishTo(
  channel: string,
  { data, key, messages = [{ data, key }] }: Input,
  context: PublishContext,
): Promise<Result> {
  const { ports, sender } = context;
  try {
    const log = logOf(ports, channel, authorizeServer(context, 'publish', channel));
    if (!log) {
      await publishLive(ports, channel, sender, messages, unmetered);
      return { channel };
    }
    return { channel, seq: await publishLogged(log, sender, messages, unmetered) };
  } catch (error) {
    return { channel, error: refusalOf(error, context) };
  }
}
