import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { StreamRecord } from '../../../packages/local/src/dynamodb/stream-record.ts';
import type { Outcome } from '../../../packages/local/src/functions/outcome.ts';
import {
  EventSourceMappings,
  type StreamOptions,
} from '../../../packages/local/src/streams/event-source-mappings.ts';
import type { EventSourceModel } from '../../../packages/local/src/template/event-source-model.ts';

const table = {
  name: 'Items',
  keyNames: ['pk'],
  viewType: 'KEYS_ONLY' as const,
  streamArn: 'arn:stream',
  ttlAttribute: undefined,
};

const mapping: EventSourceModel = {
  name: 'Mapping',
  functionName: 'Work',
  tableName: 'Items',
  batchSize: 100,
  batchingWindowMs: 0,
  maximumRetryAttempts: Number.POSITIVE_INFINITY,
  maximumRecordAgeMs: 86_400_000,
  bisects: false,
  reportsItemFailures: false,
  failureQueue: undefined,
  parallelizationFactor: 1,
  wants: () => true,
};

const handedOver = v.object({ Records: v.array(v.object({ eventID: v.string() })) });

const succeeded = (value: unknown = null): Outcome => ({ kind: 'result', value });
const failed: Outcome = { kind: 'error', errorType: 'Error', message: 'bad' };

const everythingElse = () => new Promise(setImmediate);

/** The n-th record, of an item that is called like this. */
const record = (pk: string, n = 0): StreamRecord => ({
  eventID: `${pk}${n}`,
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  dynamodb: {
    ApproximateCreationDateTime: 0,
    Keys: { pk: { S: pk } },
    SequenceNumber: `${pk}${n}`,
    SizeBytes: 0,
    StreamViewType: 'KEYS_ONLY',
  },
  eventSourceARN: table.streamArn,
});

/** Mappings to a function whose ends the test chooses. The ids of the records of each invocation are recorded. */
function mappings(
  changes: Partial<EventSourceModel>,
  answer: (ids: readonly string[]) => Outcome | Promise<Outcome>,
  options: StreamOptions = {},
) {
  const batches: string[][] = [];
  const notes: string[] = [];
  const sources = new EventSourceMappings({
    mappings: [{ ...mapping, ...changes }],
    streamRetryDelaysMs: [0],
    streamShards: 1,
    ...options,
    async invoke(_functionName, event) {
      const ids = v.parse(handedOver, event).Records.map(({ eventID }) => eventID);
      batches.push(ids);
      return answer(ids);
    },
    onNote: (note) => notes.push(note),
  });
  onTestFinished(() => sources.stop());
  const put = (...records: readonly StreamRecord[]) => {
    for (const one of records) sources.put(one, table);
  };
  return { sources, batches, notes, put };
}

describe('an event source mapping', () => {
  it('passes on the records of one moment together, in their order', async () => {
    const { sources, batches, put } = mappings({}, () => succeeded());
    put(record('a'), record('b'), record('c'));
    await sources.idle();

    expect(batches).toEqual([['a0', 'b0', 'c0']]);
  });

  it('passes on as many records as a batch holds', async () => {
    const { sources, batches, put } = mappings({ batchSize: 2 }, () => succeeded());
    put(record('a'), record('b'), record('c'));
    await sources.idle();

    expect(batches).toEqual([['a0', 'b0'], ['c0']]);
  });

  it('passes on at most the bytes of one invocation, and a larger record alone', async () => {
    const { sources, batches, put } = mappings({}, () => succeeded());
    const big = (pk: string, megabytes: number) => ({
      ...record(pk),
      awsRegion: 'x'.repeat(megabytes * 1024 * 1024),
    });
    put(big('a', 3), big('b', 2), big('c', 3), big('d', 7), big('e', 1));
    await sources.idle();

    expect(batches).toEqual([['a0', 'b0'], ['c0'], ['d0'], ['e0']]);
  });

  it('passes on no record of another table, and no record that its filter refuses', async () => {
    const { sources, batches, put } = mappings({ wants: (one) => one !== unwanted }, () => succeeded());
    const unwanted = record('a');
    put(unwanted, record('b'));
    sources.put(record('c'), { ...table, name: 'Others' });
    await sources.idle();

    expect(batches).toEqual([['b0']]);
  });

  it('collects records while a batch runs', async () => {
    let end = () => {};
    const first = new Promise<Outcome>((settle) => {
      end = () => settle(succeeded());
    });
    const { sources, batches, put } = mappings({}, (ids) => (ids[0] === 'a0' ? first : succeeded()));
    put(record('a'));
    await everythingElse();
    put(record('b'));
    put(record('c'));
    await everythingElse();
    const meanwhile = batches.length;
    end();
    await sources.idle();

    expect([meanwhile, batches]).toEqual([1, [['a0'], ['b0', 'c0']]]);
  });

  it('passes on records that come after it was idle', async () => {
    const { sources, batches, put } = mappings({}, () => succeeded());
    put(record('a'));
    await sources.idle();
    put(record('b'));
    await sources.idle();

    expect(batches).toEqual([['a0'], ['b0']]);
    expect(sources.isIdle).toBe(true);
  });
});

describe('a batching window', () => {
  it('collects records for its time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { batches, put } = mappings({ batchingWindowMs: 5000 }, () => succeeded());
    put(record('a'));
    await vi.advanceTimersByTimeAsync(4999);
    put(record('b'));
    const before = batches.length;
    await vi.advanceTimersByTimeAsync(1);
    await everythingElse();

    expect([before, batches]).toEqual([0, [['a0', 'b0']]]);
  });

  it('ends when a batch is full', async () => {
    const { sources, batches, put } = mappings({ batchingWindowMs: 3_600_000, batchSize: 2 }, () =>
      succeeded(),
    );
    put(record('a'));
    await everythingElse();
    put(record('b'));
    await sources.idle();

    expect(batches).toEqual([['a0', 'b0']]);
  });
});

describe('a batch that fails', () => {
  it('blocks its shard until it succeeds', async () => {
    let failures = 2;
    const { sources, batches, put } = mappings({ batchSize: 1 }, () =>
      failures-- > 0 ? failed : succeeded(),
    );
    put(record('a', 1), record('a', 2));
    await sources.idle();

    expect(batches).toEqual([['a1'], ['a1'], ['a1'], ['a2']]);
  });

  it('blocks no other lane', async () => {
    const { batches, put } = mappings({ batchSize: 1, parallelizationFactor: 10 }, ([id]) =>
      id === 'a0' ? new Promise<Outcome>(() => {}) : succeeded(),
    );
    const others = Array.from({ length: 30 }, (_, n) => record(`b${n}`));
    put(record('a'), ...others);
    await everythingElse();

    expect(batches.length).toBeGreaterThan(1);
  });

  it('is given up after its retries, with a log line', async () => {
    const { sources, batches, notes, put } = mappings({ batchSize: 1, maximumRetryAttempts: 2 }, ([id]) =>
      id === 'a0' ? failed : succeeded(),
    );
    put(record('a'), record('b'));
    await sources.idle();

    expect(batches).toEqual([['a0'], ['a0'], ['a0'], ['b0']]);
    expect(notes).toEqual([
      'Mapping gives up records of Items, which have used up their retries: 1 of them, unseen by Work.',
    ]);
  });

  it('is put aside after its retries if the mapping has a queue, and later records go on', async () => {
    const { sources, batches, notes, put } = mappings(
      { bisects: true, maximumRetryAttempts: 1, failureQueue: 'GivenUp' },
      (ids) => (ids.includes('b0') ? failed : succeeded()),
    );
    put(record('a'), record('b'), record('c'));
    await sources.idle();
    put(record('d'));
    await sources.idle();

    expect(batches).toEqual([['a0', 'b0', 'c0'], ['a0', 'b0'], ['a0'], ['b0'], ['b0'], ['c0'], ['d0']]);
    expect(notes).toEqual([
      'Mapping gives up records of Items, which have used up their retries: 1 of them, unseen by Work. On AWS the queue GivenUp would be told so: sequence numbers b0 to b0.',
    ]);
  });

  it('is given up when it is too old', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { sources, batches, notes, put } = mappings(
      { batchSize: 1, maximumRecordAgeMs: 60_000 },
      ([id]) => {
        vi.setSystemTime(Date.now() + 30_001);
        return id === 'a0' ? failed : succeeded();
      },
    );
    put(record('a'));
    await sources.idle();

    expect(batches).toEqual([['a0'], ['a0']]);
    expect(notes).toEqual([
      'Mapping gives up records of Items, which are too old: 1 of them, unseen by Work.',
    ]);
  });

  it('is halved if the mapping says so, so that only the bad record is lost', async () => {
    const { sources, batches, put } = mappings({ bisects: true, maximumRetryAttempts: 0 }, (ids) =>
      ids.includes('c0') ? failed : succeeded(),
    );
    put(record('a'), record('b'), record('c'), record('d'));
    await sources.idle();

    expect(batches).toEqual([['a0', 'b0', 'c0', 'd0'], ['a0', 'b0'], ['c0', 'd0'], ['c0'], ['d0']]);
  });

  it('is tried again from the record that its function names', async () => {
    let attempts = 0;
    const { sources, batches, put } = mappings({ reportsItemFailures: true }, () =>
      attempts++ === 0 ? succeeded({ batchItemFailures: [{ itemIdentifier: 'b0' }] }) : succeeded(),
    );
    put(record('a'), record('b'), record('c'));
    await sources.idle();

    expect(batches).toEqual([
      ['a0', 'b0', 'c0'],
      ['b0', 'c0'],
    ]);
  });
});

describe('stopping', () => {
  it('takes no more records, and is idle', async () => {
    const { sources, batches, put } = mappings({}, () => succeeded());
    sources.stop();

    put(record('a'));
    await sources.idle();

    expect([batches, sources.isIdle]).toEqual([[], true]);
  });

  it('drops records that wait for a retry, for a window, or for their turn', async () => {
    const { sources, batches, put } = mappings({ batchSize: 1 }, () => failed, {
      streamRetryDelaysMs: [3_600_000],
    });
    const waiting = mappings({ batchingWindowMs: 3_600_000 }, () => succeeded());
    put(record('a', 1), record('a', 2));
    waiting.put(record('a'));
    await everythingElse();
    for (const stopped of [sources, waiting.sources]) {
      stopped.stop();
      await stopped.idle();
    }
    put(record('b'));

    expect([batches, waiting.batches, sources.isIdle]).toEqual([[['a1']], [], true]);
  });
});
