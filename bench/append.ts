/** Appends per second with many publishers on one channel, beside a log that compares and sets its head. */

import { append } from '../lambdas/realtime/log/append.ts';
import type { LogStore } from '../lambdas/realtime/log/log-store.ts';
import { startEmbeddedStore } from '../packages/local/src/dynamodb/embedded-store.ts';
import { type DynamoStores, storesOn } from '../test/contracts/dynamo-stores.ts';
import { markdownTable, publishBars, publishPage } from './report.ts';

const PUBLISHERS = 64;
const APPENDS = 256;
const RETENTION = { retentionMs: 60 * 60 * 1000 };

interface Result {
  readonly perSecond: number;
  readonly retries: number;
  readonly failed: number;
}

type Stores = Pick<DynamoStores, 'channelLog' | 'values'>;

type Append = (stores: Stores, channel: string) => Promise<number>;

/** Our way: take a number from the head, then write the record. Returns how often it had to start again. */
const numbersFirst: Append = async ({ channelLog: log, values }, channel) => {
  let raised = 0;
  const counting: LogStore = {
    ...log,
    async raise(...args) {
      raised += 1;
      return log.raise(...args);
    },
  };
  const drafts = [{ data: 'x', key: undefined }];
  await append(
    {
      ports: { channelLog: counting, values, now: Date.now, pause: async () => {} },
      channel,
      retention: RETENTION,
    },
    { drafts, sender: { kind: 'server', id: 'bench' } },
    () => {},
  );
  return raised - 1;
};

/**
 * The usual way. A publisher reads the head and writes the next number. If another publisher has written that number, it begins
 * again. Then it moves the head.
 */
const compareAndSet: Append = async ({ channelLog: log }, channel) => {
  for (let retries = 0; ; retries++) {
    const head = (await log.head(channel)) ?? (await log.raise(channel, 1, Date.now()));
    const record = { seq: head.seq + 1, data: 'x', time: Date.now() };
    if (await log.write(channel, [record], RETENTION)) {
      await log.raise(channel, 1, Date.now());
      return retries;
    }
  }
};

async function measure(stores: Stores, channel: string, append: Append): Promise<Result> {
  const started = performance.now();
  let left = APPENDS;
  let retries = 0;
  let failed = 0;
  const publisher = async () => {
    while (left-- > 0) {
      await append(stores, channel).then(
        (again) => (retries += again),
        () => (failed += 1),
      );
    }
  };
  await Promise.all(Array.from({ length: PUBLISHERS }, publisher));
  return { perSecond: Math.round(APPENDS / ((performance.now() - started) / 1000)), retries, failed };
}

export async function benchAppend(): Promise<void> {
  const store = await startEmbeddedStore();
  const stores = await storesOn(store.url);
  await measure(stores, 'open:warm', numbersFirst);
  const ours = await measure(stores, 'open:ours', numbersFirst);
  const theirs = await measure(stores, 'open:theirs', compareAndSet);
  stores.client.destroy();
  await store.close();

  const row = (name: string, { perSecond, retries, failed }: Result) => [name, perSecond, retries, failed];
  await publishPage(
    'append',
    `# Appends with ${PUBLISHERS} publishers on one channel

${APPENDS.toLocaleString('en-US')} appends on the embedded DynamoDB, one run after the other in one process; only the ratio means something.

${markdownTable(
  ['log', 'appends per second', 'attempts repeated', 'failed'],
  [row('numbers first (ours)', ours), row('compare and set', theirs)],
)}

Ours is ${(ours.perSecond / theirs.perSecond).toFixed(1)} times faster.

![Appends per second](append.svg)`,
  );
  await publishBars('append', 'Appends per second', [
    ['numbers first (ours)', ours.perSecond],
    ['compare and set', theirs.perSecond],
  ]);
}
