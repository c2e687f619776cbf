/** `POST /messages`: sends the same messages to every named channel. A failure in one channel does not affect the others. */

import { ALL, userChannel } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { OperationInput, OperationReply } from 'fanfare-protocol/operations';
import { type Origin, serverOrigin } from '../own-logic/context.ts';
import { unmetered } from '../realtime/access/meter.ts';
import { visitInFlight } from '../realtime/in-flight.ts';
import { publishByRules } from '../realtime/log/publish-by-rules.ts';
import type { PublishContext } from './operation.ts';
import { refusalOf } from './refusal.ts';
import { authorizeServer } from './server-rights.ts';

/** A few requests each, and a broadcast. */
const CHANNELS_IN_FLIGHT = 8;

/**
 * The function ends after 29 s. Rules that are slow in a hundred channels must not lose the results of the channels that are done
 * already. Milliseconds.
 */
const REQUEST_BUDGET_MS = 15_000;

const OVERDUE = new ProtocolError('busy', 'There was no time left for this channel; send it again.', 1_000);

interface RunningPublish extends PublishContext {
  /** No channel begins after this moment. Milliseconds since 1970. */
  readonly end: number;
}

type Input = OperationInput<'publish'>;
type Reply = OperationReply<'publish'>;
type Result = Reply['results'][number];

export async function publish(input: Input, context: PublishContext): Promise<Reply> {
  const results = new Map<string, Result>();
  const running = { ...context, end: context.ports.now() + REQUEST_BUDGET_MS };
  const channels = channelsOf(input);
  await visitInFlight(channels, CHANNELS_IN_FLIGHT, async (channel) => {
    results.set(channel, await publishTo(channel, input, running));
  });
  return { results: channels.map((channel) => results.get(channel) ?? { channel }) };
}

/** Each once. */
function channelsOf({ channels = [], users = [], everyone = false }: Input): string[] {
  return [...new Set([...channels, ...users.map(userChannel), ...(everyone ? [ALL] : [])])];
}

async function publishTo(
  channel: string,
  { data, key, name, ifSeq, remove, messages = [{ data, key, name, ifSeq, remove }] }: Input,
  context: RunningPublish,
): Promise<Result> {
  const { ports, sender } = context;
  try {
    const policy = authorizeServer(context, 'publish', channel);
    if (ports.now() >= context.end) throw OVERDUE;
    const publication = { ports, channel, policy, sender, origin: originOf(context), spend: unmetered };
    const seqs = await publishByRules(publication, messages);
    const seq = seqs.at(-1);
    if (seq === undefined) return { channel };
    return { channel, seq, ...(seqs.length > 1 && { seqs }) };
  } catch (error) {
    return { channel, error: refusalOf(error, context) };
  }
}

function originOf({ sender, grants, requestId }: PublishContext): Origin {
  return serverOrigin(sender.kind === 'events' ? 'event' : 'server', { grants, requestId });
}
