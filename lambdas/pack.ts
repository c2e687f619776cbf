/** `pack`: delivers the messages of packed channels, from the changes of their logs. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'fanfare-config';
import { parseChannel } from 'fanfare-protocol/channel';
import { dynamoLog } from './aws/dynamo-log.ts';
import { dynamoShards } from './aws/dynamo-shards.ts';
import { dynamoTurns } from './aws/dynamo-turns.ts';
import { recordsFrom } from './aws/record-item.ts';
import { type BatchResponse, type Change, changesIn, settleEach } from './events/stream-event.ts';
import { findPolicy } from './realtime/access/namespaces.ts';
import { stageInfo } from './realtime/access/stage-info.ts';
import { requiredLogOf } from './realtime/log/channel-log.ts';
import { isMessage } from './realtime/log/log-store.ts';
import { deliverPacked, type Woken } from './realtime/log/round.ts';
import { logLines } from './realtime/log-lines.ts';
import { environmentOf } from './wiring/environment.ts';
import { reachPorts } from './wiring/reach-ports.ts';

/** Each takes a few requests and some posts, which share the pace of the container. */
const CHANNELS_IN_FLIGHT = 32;

const environment = environmentOf('pack');
const policies = config(stageInfo(environment.STAGE));
const log = new Logger({ serviceName: 'pack' });
const client = new DynamoDBClient();
const ports = {
  ...reachPorts(client, environment, log),
  channelLog: dynamoLog(client, {
    channels: environment.CHANNELS_TABLE,
    messages: environment.MESSAGES_TABLE,
    // It points no key.
    publishKeys: '',
  }),
  shards: dynamoShards(client, environment.CHANNELS_TABLE, Date.now),
  turns: dynamoTurns(client, environment.CHANNELS_TABLE),
};

/** Lambda repeats the batch from the first channel on that could not be delivered. Channels that were delivered take one read then. */
export function handler(event: unknown): Promise<BatchResponse> {
  const changes = changesIn(event);
  const woken = wokenIn(changes);
  return settleEach(
    changes,
    channelOf,
    async (channel) => {
      const numbers = woken.get(channel);
      if (numbers) await deliver(channel, numbers);
    },
    (channel, error) => log.warn(logLines.deliveredAgain, { channel, reason: String(error) }),
    CHANNELS_IN_FLIGHT,
  );
}

/** A namespace that this version of the configuration does not have, or not as packed any more, delivers nothing here. */
async function deliver(channel: string, woken: Woken): Promise<void> {
  const name = parseChannel(channel);
  const policy = name && findPolicy(policies, name);
  if (policy?.delivery === 'packed') await deliverPacked(requiredLogOf(ports, channel, policy), woken);
}

/** The numbers of messages, by channel. A void number needs no delivery of its own. */
function wokenIn(changes: readonly Change[]): ReadonlyMap<string, Woken> {
  const woken = new Map<string, Woken>();
  for (const change of changes) {
    const channel = channelOf(change);
    for (const { seq } of recordsFrom(change.after).filter(isMessage)) {
      const { first, last } = woken.get(channel) ?? { first: seq, last: seq };
      woken.set(channel, { first: Math.min(first, seq), last: Math.max(last, seq) });
    }
  }
  return woken;
}

function channelOf({ key }: Change): string {
  return key['channel']?.S ?? '';
}
