/** The oldest served record of logs with expired, deleted, void and missing numbers. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isServed } from '../../../../lambdas/realtime/log/log-store.ts';
import { firstServedRecord } from '../../../../lambdas/realtime/log/oldest-served.ts';
import { collect, memoryPorts, NOW } from '../../../memory/memory-ports.ts';

const CHANNEL = 'open:a';
const HOUR = 60 * 60 * 1000;
const RETENTION = { retentionMs: 24 * HOUR };
const CREATED = NOW - 48 * HOUR;

type Ports = ReturnType<typeof memoryPorts>;

interface Begun {
  readonly ports: Ports;
  readonly head: { readonly seq: number; readonly createdAt: number; readonly shardCount: number };
  /** Reads of the log, by now. */
  reads(): number;
}

/** A channel with this many numbers. */
async function begun(count: number, beforeEachRead: (ports: Ports) => void = () => {}): Promise<Begun> {
  const ports = memoryPorts();
  const { read } = ports.channelLog;
  let reads = 0;
  ports.channelLog.read = (...args) => {
    reads += 1;
    beforeEachRead(ports);
    return read(...args);
  };
  const head = await ports.channelLog.raise(CHANNEL, count, CREATED);
  return { ports, head, reads: () => reads };
}

const oldestServed = ({ ports, head }: Begun) =>
  firstServedRecord({ ports, channel: CHANNEL, retention: RETENTION, head }, head.createdAt + 1, head.seq);

async function write({ ports }: Pick<Begun, 'ports'>, seq: number, time: number): Promise<void> {
  await ports.channelLog.write(CHANNEL, [{ seq, data: 'x', time }], RETENTION);
}

describe('the oldest served record', () => {
  it('of 20,000 expired and three served records is found with 16 reads of one record', async () => {
    const channel = await begun(20_003);
    for (let n = 1; n <= 20_003; n++) await write(channel, CREATED + n, NOW - (n <= 20_000 ? 25 : 1) * HOUR);

    expect(await oldestServed(channel)).toBe(CREATED + 20_001);
    expect(channel.reads()).toBeLessThanOrEqual(16);
  });

  it('is found with one read when everything that has expired is deleted', async () => {
    const channel = await begun(1_000);
    for (let n = 900; n <= 1_000; n++) await write(channel, CREATED + n, NOW - HOUR);

    expect(await oldestServed(channel)).toBe(CREATED + 900);
    expect(channel.reads()).toBe(1);
  });

  it('does not exist when every record has expired, nor when the numbers have no records yet', async () => {
    const expired = await begun(50);
    for (let n = 1; n <= 40; n++) await write(expired, CREATED + n, NOW - 25 * HOUR);

    expect(await oldestServed(expired)).toBeUndefined();
    expect(await oldestServed(await begun(50))).toBeUndefined();
  });
});

/** What happened to a number: its message is there or its writer died; or it was sealed; or, if it has expired, it was deleted. */
const fate = fc.constantFrom('message', 'message', 'message', 'void', 'hole', 'deleted');
const logs = fc.record({
  fates: fc.array(fate, { minLength: 1, maxLength: 60 }),
  /** How many numbers have expired. */
  expired: fc.nat(60),
  /** Numbers that are written or deleted while the record is searched. */
  meanwhile: fc.array(fc.nat(59), { maxLength: 12 }),
});

type Log = typeof logs extends fc.Arbitrary<infer Case> ? Case : never;

const isWritten = (what: Log['fates'][number]) => what === 'message' || what === 'void';

/** A channel with these numbers, of which one changes before each read. */
async function changing({ fates, expired, meanwhile }: Log): Promise<Begun> {
  const changes = [...meanwhile];
  const channel = await begun(fates.length, ({ channelLog }) => {
    const n = changes.pop();
    if (n === undefined || n >= fates.length) return;
    const seq = CREATED + 1 + n;
    if (n < expired) channelLog.expire(CHANNEL, seq);
    else void channelLog.write(CHANNEL, [{ seq, data: 'late', time: NOW }], RETENTION);
  });
  for (const [n, what] of fates.entries()) {
    const [seq, time] = [CREATED + 1 + n, NOW - (n < expired ? 30 : 1) * HOUR];
    if (what === 'message') await write(channel, seq, time);
    if (what === 'void') await channel.ports.channelLog.seal(CHANNEL, { seq, void: true, time }, RETENTION);
  }
  return channel;
}

describe('while records are appended and deleted', () => {
  it('a record is found that is served, after which no record has expired and no number was deleted', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (log) => {
        const { fates, expired } = log;
        const channel = await changing(log);
        const servedBefore = fates.findIndex((what, n) => n >= expired && isWritten(what));

        const found = await oldestServed(channel);

        if (servedBefore < 0 && found === undefined) return;
        expect(found).toBeGreaterThan(CREATED + Math.min(expired, fates.length));
        if (servedBefore >= 0) expect(found).toBeLessThanOrEqual(CREATED + 1 + servedBefore);
        const range = { from: found ?? 0, to: channel.head.seq };
        const rest = await collect(channel.ports.channelLog.read(CHANNEL, range));
        expect(rest[0]?.seq).toBe(found);
        expect(rest.every((record) => isServed(record, NOW, RETENTION))).toBe(true);
      }),
      { numRuns: 500, seed: 20261130 },
    );
  });
});
