/** A connection is charged for the bytes that its frames cause. Bytes over the limit neither leave nor are read again. */

import { BURST_MS, MESSAGE_BYTES, MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { type ActionContext, actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import type { ChargeRequest } from '../../../lambdas/realtime/access/charge-store.ts';
import type { LogStore } from '../../../lambdas/realtime/log/log-store.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { TimelessPace } from '../../memory/timeless-pace.ts';
import { sessionFixture } from '../sessions.ts';

const MB = 1024 * 1024;
const me = sessionFixture();
const CHANNEL = 'open:a';
const BACKLOG = 'open:backlog';

const limited = { event: 'error', code: 'rate-limited', status: 429, retryAfter: expect.any(Number) };
const event = v.looseObject({ event: v.string() });

const times = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => make(index));

let ports: MemoryPorts;
let bills: ChargeRequest[];
let clock: number;
let reads: number;
/** Charges that may still pass. */
let chargesLeft: number;
let context: ActionContext;
/** The bytes that were posted to a subscriber, and those of the replies. */
let posted: number;

function countingReads(log: LogStore): LogStore {
  return {
    ...log,
    read(channel, range) {
      reads += 1;
      return log.read(channel, range);
    },
  };
}

beforeEach(async () => {
  ports = memoryPorts();
  bills = [];
  reads = 0;
  chargesLeft = Number.POSITIVE_INFINITY;
  posted = 0;
  clock = NOW;
  await ports.connections.open({ connectionId: me.connectionId, expiresAt: NOW }, []);
  context = container();
});

/** One of the containers that share the stores. */
function container(): ActionContext {
  const charge: typeof ports.charges.charge = async (connectionId, bill) => {
    bills.push(bill);
    chargesLeft -= 1;
    if (chargesLeft < 0) return { kind: 'limited', busyUntil: clock + BURST_MS };
    return ports.charges.charge(connectionId, bill);
  };
  const post: typeof ports.outbound.post = async (_connectionId, frame) => {
    posted += frame.byteLength;
    return 'sent';
  };
  return actionContext(config({ local: true }), {
    ...ports,
    charges: { charge },
    channelLog: countingReads(ports.channelLog),
    outbound: { ...ports.outbound, post },
    containerPace: new TimelessPace(),
    now: () => clock,
  });
}

const text = (frame: unknown) => answer(JSON.stringify(frame), { ...me, receivedAt: clock }, context);

async function ask(frame: unknown) {
  return v.parse(event, JSON.parse(await text(frame)));
}

/** Returns the position before all of these messages. */
async function fill(): Promise<number> {
  for (let n = 0; n < 30; n++) {
    const head = await ports.channelLog.raise(BACKLOG, 1, NOW);
    const record = { seq: head.seq, data: 'x'.repeat(10_000), time: NOW };
    await ports.channelLog.write(BACKLOG, [record], { retentionMs: BURST_MS * 1_000 });
  }
  return NOW;
}

const history = { action: 'history', channel: BACKLOG, limit: 1_000 };

describe('a command that makes little of what it brings', () => {
  it('costs no charge of its own: publishes, subscriptions, and a small page of history', async () => {
    await ask({ action: 'subscribe', channel: CHANNEL });
    for (let n = 0; n < 3; n++) await ask({ action: 'publish', channel: CHANNEL, data: 'hello' });
    await ask({
      action: 'publish',
      channel: CHANNEL,
      messages: times(MESSAGES_PER_PUBLISH, () => ({ data: 1 })),
    });
    await ask({ action: 'history', channel: CHANNEL });
    await ask({ action: 'subscribe', channel: CHANNEL, after: NOW });

    expect(bills).toEqual([]);
  });
});

describe('history', () => {
  it('is answered until its time is used up, and then refused with the time after which the same passes', async () => {
    await fill();
    let pages = 0;
    let reply = await ask(history);
    for (; reply.event === 'history'; reply = await ask(history)) pages += 1;

    expect(pages).toBeGreaterThan(10);
    expect(pages * MESSAGE_BYTES).toBeLessThan(2.2 * MB);
    expect(reply).toEqual({ ...limited, action: 'history', message: expect.any(String) });
    clock += Number(reply['retryAfter']) - 1;
    expect(await ask(history)).toMatchObject({ ...limited, retryAfter: 1 });
    clock += 1;
    expect(await ask(history)).toMatchObject({ event: 'history' });
  });

  it('that was refused is not read again before its cost is paid, in an array or alone', async () => {
    await fill();
    while ((await ask(history)).event === 'history');
    reads = 0;

    for (let n = 0; n < 100; n++) expect(await ask(history)).toMatchObject(limited);
    expect(reads).toBe(0);

    // Another container has to find out, once.
    context = container();
    await ask(history);
    const once = reads;
    for (let n = 0; n < 100; n++) {
      clock += 1;
      await text([history, history, history]);
    }
    expect(once).toBeGreaterThan(0);
    expect(reads).toBe(once);
  });

  it('over the limit refuses the rest of its array, which is not read', async () => {
    await fill();
    while ((await ask(history)).event === 'history');
    context = container();
    reads = 0;
    await ask(history);
    const once = reads;
    context = container();
    reads = 0;

    const replies: unknown = JSON.parse(await text([history, history, { action: 'ping', id: 7 }]));

    expect(replies).toMatchObject([limited, limited, { ...limited, id: 7 }]);
    expect(reads).toBeLessThanOrEqual(once);
  });
});

describe('a publish whose frame is over the limit', () => {
  const messages = times(MESSAGES_PER_PUBLISH, () => ({ data: 1 }));
  const publish = { action: 'publish', channel: CHANNEL, messages };

  it.each(['open:a', '@all'])('writes nothing in %s', async (channel) => {
    await ask({ action: 'subscribe', channel: CHANNEL });
    const user = 'u'.repeat(158);
    const send = async () =>
      v.parse(
        event,
        JSON.parse(
          await answer(JSON.stringify({ ...publish, channel }), { ...me, user, receivedAt: clock }, context),
        ),
      );
    let reply = await send();
    let before = await ports.channelLog.head(channel);
    let postedBefore = posted;
    for (; reply.event === 'published'; reply = await send()) {
      before = await ports.channelLog.head(channel);
      postedBefore = posted;
    }

    expect(reply).toMatchObject(limited);
    expect(await ports.channelLog.head(channel)).toEqual(before);
    expect(posted).toBe(postedBefore);
  });

  it('that has landed is answered, although no time is left for the reply, and the next command waits', async () => {
    const user = 'u'.repeat(158);
    // The container's share, to the last millisecond: 280 for the commands, and 20 for the bytes.
    await text([{ action: 'ping', padding: 'x'.repeat(20_500) }, ...times(13, () => ({ action: 'ping' }))]);
    bills = [];
    // One for the command, and one for the frame.
    chargesLeft = 2;

    const long = { ...publish, id: 'i'.repeat(128), channel: `open:${'c'.repeat(150)}` };
    const reply = await answer(JSON.stringify(long), { ...me, user, receivedAt: clock }, context);

    expect(JSON.parse(reply)).toMatchObject({ event: 'published' });
    expect(bills).toHaveLength(3);
    expect(await ask(publish)).toMatchObject(limited);
    expect(bills).toHaveLength(3);
  });
});

describe('a repetition that is over the limit', () => {
  const long = times(40, (n) => ({ data: 'x'.repeat(2_000), key: `key-${n}` }));
  const repeat = times(40, (n) => ({ data: 1, key: `key-${n}` }));
  const publish = { action: 'publish', channel: CHANNEL };

  beforeEach(async () => {
    await ask({ action: 'subscribe', channel: CHANNEL });
    await ask({ ...publish, messages: long });
    posted = 0;
    // The container's share has room for the command alone.
    chargesLeft = 0;
  });

  it('is not sent, and its publish is refused', async () => {
    expect(await ask({ ...publish, messages: repeat })).toMatchObject(limited);
    expect(posted).toBe(0);
  });

  it('does not affect new messages beside it, which are sent and answered', async () => {
    const reply = await ask({ ...publish, messages: [...repeat, { data: 'new' }] });

    expect(reply).toMatchObject({ event: 'published' });
    expect(posted).toBeGreaterThan(0);
    expect(await ask({ action: 'ping' })).toMatchObject(limited);
  });
});

describe('for 1 MB that comes at once', () => {
  const drafts = (count: number) => times(count, () => ({ data: 1 }));
  const key = (n: number) => `key-${n}`;
  const mixes: Readonly<Record<string, unknown>> = {
    'publishes of a digit': { action: 'publish', channel: CHANNEL, data: 1 },
    'publishes of 50 digits': { action: 'publish', channel: CHANNEL, messages: drafts(50) },
    'arrays of publishes': times(40, () => ({ action: 'publish', channel: CHANNEL, messages: drafts(50) })),
    'repeated keys': {
      action: 'publish',
      channel: CHANNEL,
      messages: times(50, (n) => ({ data: 1, key: key(n) })),
    },
    'repeated keys of long messages': {
      action: 'publish',
      channel: CHANNEL,
      messages: times(50, (n) => ({ data: 1, key: `long-${n}` })),
    },
    histories: history,
    'arrays of histories': times(10, () => history),
    subscriptions: { action: 'subscribe', channel: BACKLOG, after: NOW },
    members: { action: 'members', channel: CHANNEL },
    'all of them': [
      { action: 'publish', channel: CHANNEL, messages: drafts(50) },
      history,
      { action: 'subscribe', channel: BACKLOG, after: NOW },
      { action: 'members', channel: CHANNEL },
    ],
  };

  it.each(Object.keys(mixes))('at most 4 MB leave for each receiver: %s', async (name) => {
    await fill();
    const long = times(50, (n) => ({ data: 'x'.repeat(2_000), key: `long-${n}` }));
    await ask({ action: 'publish', channel: CHANNEL, messages: long });
    await ask({ action: 'subscribe', channel: CHANNEL });
    const online = new Map([['someone=', NOW / 1000 + 3_600]]);
    const info = 'i'.repeat(1_000);
    for (const user of times(120, (n) => `user-${n}`))
      await ports.presence.write(
        { channel: CHANNEL, user },
        {
          state: 'here',
          version: 1,
          announced: 1,
          reported: 1,
          revision: 1,
          until: 0,
          connections: online,
          info,
        },
        NOW,
      );
    const frame = JSON.stringify(mixes[name]);
    const user = 'u'.repeat(158);
    posted = 0;
    let sent = 0;
    let answered = 0;
    let refused = 0;
    for (; sent < MB; sent += frame.length) {
      const reply = await answer(frame, { ...me, user, receivedAt: clock }, context);
      if (reply.includes('"rate-limited"')) refused += reply.length;
      else answered += reply.length;
    }

    const mb = (bytes: number) => (bytes / MB).toFixed(2);
    process.stdout.write(
      `At once, ${name}: ${mb(sent)} MB sent, ${mb(posted)} MB posted, ${mb(answered)} MB answered, ${mb(refused)} MB of refusals.\n`,
    );
    expect(posted + answered).toBeLessThanOrEqual(4 * MB);
  });
});
