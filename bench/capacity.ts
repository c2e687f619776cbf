/** What each action costs in DynamoDB units, as the database itself counts them. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { actionContext } from '../lambdas/actions/action.ts';
import { answer } from '../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../lambdas/realtime/access/namespaces.ts';
import { open } from '../lambdas/realtime/connections/membership.ts';
import { storesOn } from '../test/contracts/dynamo-stores.ts';
import { dynamoDbTargets } from '../test/contracts/dynamodb-apis.ts';
import { markdownTable, publishPage } from './report.ts';
import { unheardPorts } from './unheard-ports.ts';

interface Units {
  requests: number;
  read: number;
  write: number;
}

const READS = new Set(['GetItemCommand', 'QueryCommand']);
const session = {
  connectionId: 'bench=',
  user: 'ann',
  connectedAt: Date.now(),
  receivedAt: Date.now(),
  requestId: 'bench',
};
const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
} as const;
const config: FanfareConfig = { namespaces: { open: anyone }, builtIn: { '@all': anyone, '@user': anyone } };

/** Counts what every request consumed since the last call. */
function meter(client: DynamoDBClient): () => Units {
  let units: Units = { requests: 0, read: 0, write: 0 };
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const result = await next(args);
        if ('ConsumedCapacity' in result.output)
          count(units, commandName, [result.output.ConsumedCapacity].flat());
        return result;
      },
    { step: 'initialize' },
  );
  return () => {
    const counted = units;
    units = { requests: 0, read: 0, write: 0 };
    return counted;
  };
}

function count(units: Units, commandName: string, consumed: readonly (object | undefined)[]): void {
  const kind = READS.has(commandName) ? 'read' : 'write';
  units.requests += 1;
  for (const one of consumed) if (one && 'CapacityUnits' in one) units[kind] += Number(one.CapacityUnits);
}

/** The frames to measure, in order: each frame relies on the frames before it. */
const frames: readonly (readonly [action: string, frame: object | readonly object[]])[] = [
  ['subscribe, first use of the channel', { action: 'subscribe', channel: 'open:a' }],
  ['subscribe', { action: 'subscribe', channel: 'open:a' }],
  ['publish without a key', { action: 'publish', channel: 'open:a', data: 'x' }],
  ['publish with a key', { action: 'publish', channel: 'open:a', data: 'x', key: 'k' }],
  ['publish with a known key', { action: 'publish', channel: 'open:a', data: 'x', key: 'k' }],
  [
    'publish of ten messages',
    { action: 'publish', channel: 'open:a', messages: Array.from({ length: 10 }, () => ({ data: 'x' })) },
  ],
  ['subscribe with a position, ten messages missed', { action: 'subscribe', channel: 'open:a', after: -10 }],
  ['history, newest ten', { action: 'history', channel: 'open:a', limit: 10 }],
  [
    'publish of 50 messages of 100 bytes with a key each',
    {
      action: 'publish',
      channel: 'open:a',
      messages: Array.from({ length: 50 }, (_, n) => ({ data: 'x'.repeat(100), key: `k${n}` })),
    },
  ],
  ['mark', { action: 'mark', channel: 'open:a', seq: 1 }],
  ['unsubscribe', { action: 'unsubscribe', channel: 'open:a' }],
];

export async function benchCapacity(): Promise<void> {
  // If there are several stores, the last one is the most faithful: the embedded store does not count transactions.
  const target = dynamoDbTargets().at(-1);
  if (!target) throw new Error('There is no DynamoDB API');
  const api = await target.start();
  const { client, ...stores } = await storesOn(api.url);
  const read = meter(client);
  const ports = unheardPorts(stores);
  await open(ports, config, session);
  const connect = read();

  const rows = [['$connect', connect.requests, connect.write, connect.read]];
  for (const [action, frame] of frames) {
    const head = await stores.channelLog.head('open:a');
    read();
    const asked = JSON.stringify(frame).replace('"after":-10', `"after":${(head?.seq ?? 0) - 10}`);
    await answer(asked, session, actionContext(config, ports));
    const { requests, write, read: readUnits } = read();
    rows.push([action, requests, write, readUnits]);
  }
  client.destroy();
  await api.close();
  await publishPage(
    'capacity',
    `# DynamoDB units per action

As counted by ${target.name}, with one subscriber, messages under 1 KB, and a channel that is younger than its retention.
Subscribers are read with strong consistency: one read unit per 4 KB of them, about 35 subscribers.

${markdownTable(['action', 'requests', 'write units', 'read units'], rows)}`,
  );
}
