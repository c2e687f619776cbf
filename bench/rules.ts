/** The latency of a publish with a rule of the application, beside one without. */

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { unmetered } from '../lambdas/realtime/access/meter.ts';
import type { NamespacePolicy } from '../lambdas/realtime/access/namespaces.ts';
import type { PublishPorts } from '../lambdas/realtime/log/publish.ts';
import { publishByRules } from '../lambdas/realtime/log/publish-by-rules.ts';
import { startEmbeddedStore } from '../packages/local/src/dynamodb/embedded-store.ts';
import { storesOn } from '../test/contracts/dynamo-stores.ts';
import { memoryPorts } from '../test/memory/memory-ports.ts';
import { median } from './median.ts';
import { markdownTable, publishPage } from './report.ts';
import { latenciesOverASocket } from './rules/over-a-socket.ts';

const ROUNDS = 1_000;

const SOCKET_ROUNDS = 300;

/** As long as a chat message. */
const DATA = { text: 'x'.repeat(200), at: 1_763_793_000_041 };

const rights: NamespacePolicy = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 1 },
  presence: 'none',
};

const ways: readonly (readonly [string, NamespacePolicy])[] = [
  ['without a handler', rights],
  ['an empty handler', { ...rights, onPublish: () => {} }],
  ['an empty asynchronous handler', { ...rights, onPublish: async () => {} }],
  [
    'a schema of valibot and a handler that changes the data',
    {
      ...rights,
      schema: v.object({ text: v.pipe(v.string(), v.maxLength(500)), at: v.number() }),
      onPublish: ({ data }) => ({ data: { data } }),
    },
  ],
];

/** Milliseconds of one publish with a retry key, as the client library sends it. */
async function timed(ports: PublishPorts, channel: string, policy: NamespacePolicy): Promise<number> {
  const key = randomUUID();
  const started = performance.now();
  await publishByRules(
    {
      ports,
      channel,
      policy,
      sender: { kind: 'user', id: 'ann' },
      origin: {
        caller: 'client',
        user: 'ann',
        connection: 'a=',
        grants: undefined,
        info: undefined,
        requestId: '1',
      },
      spend: unmetered,
    },
    [{ data: DATA, key }],
  );
  return performance.now() - started;
}

/** The ways take turns, so that a disturbance meets all of them. The first tenth only warms up. */
async function measured(ports: PublishPorts): Promise<readonly (readonly number[])[]> {
  const times = ways.map((): number[] => []);
  for (let round = -ROUNDS / 10; round < ROUNDS; round++)
    for (const [index, [, policy]] of ways.entries()) {
      const time = await timed(ports, `open:way-${index}`, policy);
      if (round >= 0) times[index]?.push(time);
    }
  return times;
}

export async function benchRules(): Promise<void> {
  const store = await startEmbeddedStore();
  const { channelLog, client } = await storesOn(store.url);
  const memory = memoryPorts();
  const stored = await measured({ ...memory, channelLog, now: Date.now });
  client.destroy();
  await store.close();
  const inMemory = await measured(memory);

  const base = median(stored[0] ?? []);
  const rows = ways.map(([name], index) => {
    const time = median(stored[index] ?? []);
    const own = (median(inMemory[index] ?? []) - median(inMemory[0] ?? [])) * 1000;
    return [name, time.toFixed(2), (time / base).toFixed(2), index === 0 ? '-' : own.toFixed(0)];
  });
  const { plain, ruled } = await latenciesOverASocket(SOCKET_ROUNDS);
  const overSocket = [
    ['without a handler', median(plain).toFixed(2), '1.00'],
    ['an empty handler', median(ruled).toFixed(2), (median(ruled) / median(plain)).toFixed(2)],
  ];
  await publishPage(
    'rules',
    `# Publishes with rules of the application

${ROUNDS.toLocaleString('en-US')} publishes of 200 characters with a retry key for each row, in turns, in one process: medians. The log is the embedded
DynamoDB on loopback. The last column is the time that the rule adds with a log in memory, where nothing else waits.

${markdownTable(['publish', 'ms', 'ratio', 'added µs'], rows)}

Over a socket of the local runtime, from the frame to its reply: ${SOCKET_ROUNDS} publishes for each row, in turns.

${markdownTable(['publish', 'ms', 'ratio'], overSocket)}`,
  );
}
