/** `mark`, and `subscribe` from the position that it keeps. */

import { actionSchemas, type Command } from 'fanfare-protocol/actions';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';
import { numbersOf } from './log-fixture.ts';

const HOUR = 60 * 60 * 1000;
const RETENTION_HOURS = 24;
const CHANNEL = 'open:log';

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  presence: 'none',
  history: { hours: RETENTION_HOURS },
} as const;
const config: FanfareConfig = {
  namespaces: {
    open: anyone,
    live: { ...anyone, history: 'none' },
    staff: { ...anyone, subscribe: 'granted' },
  },
  builtIn: { '@all': anyone, '@user': { ...anyone, subscribe: 'owner' } },
};

const MARKED = { after: 'marked' } as const;

let ports: MemoryPorts;
let clock: number;

beforeEach(async () => {
  ports = memoryPorts();
  clock = NOW;
  for (const connectionId of ['ann1=', 'ann2=', 'bob=', 'visitor='])
    await ports.connections.open({ connectionId, expiresAt: NOW }, []);
});

/** Connections of ann on two devices, of bob, and of a client without a token. */
type Device = 'ann1=' | 'ann2=' | 'bob=' | 'visitor=';

async function ask(device: Device, frame: unknown, others: Partial<MemoryPorts> = {}): Promise<unknown> {
  const user = device === 'visitor=' ? undefined : device.replace(/\d?=$/, '');
  const session = sessionFixture({ connectionId: device, user });
  const context = actionContext(config, { ...ports, now: () => clock, ...others });
  return JSON.parse(await answer(JSON.stringify(frame), session, context));
}

const mark = (device: Device, seq: number, channel = CHANNEL) =>
  ask(device, { action: 'mark', channel, seq });

async function subscribe(device: Device, more: Partial<Command<'subscribe'>> = MARKED) {
  const reply = await ask(device, { action: 'subscribe', channel: CHANNEL, ...more });
  return v.parse(actionSchemas.subscribe.reply, reply);
}

async function publish(count: number, channel = CHANNEL): Promise<number[]> {
  const numbers: number[] = [];
  for (let n = 0; n < count; n++) {
    const reply = await ask('bob=', { action: 'publish', channel, data: n });
    numbers.push(v.parse(actionSchemas.publish.reply, reply).seq ?? 0);
  }
  return numbers;
}

describe('mark', () => {
  it('returns the stored position, which only moves forward', async () => {
    await publish(1);
    const marked = { event: 'marked', channel: CHANNEL };

    expect(await mark('ann1=', 7)).toEqual({ ...marked, seq: 7 });
    expect(await mark('ann1=', 3)).toEqual({ ...marked, seq: 7 });
    expect(await mark('ann2=', 9)).toEqual({ ...marked, seq: 9 });
    expect(await mark('ann1=', 8)).toEqual({ ...marked, seq: 9 });
  });

  it('with 0 reads the position, and moves nothing', async () => {
    await publish(1);
    await mark('ann1=', 7);

    expect(await mark('ann2=', 0)).toMatchObject({ seq: 7 });
    expect(await mark('bob=', 0)).toMatchObject({ seq: 0 });
    expect(await ports.readPositions.read({ user: 'bob', channel: CHANNEL })).toBeUndefined();
  });

  it('is refused beyond the last message, and stores nothing', async () => {
    const [head = 0] = await publish(1);

    for (const seq of [head + 1, Number.MAX_SAFE_INTEGER])
      expect(await mark('ann1=', seq)).toMatchObject({ code: 'bad-request', action: 'mark' });
    expect(await mark('ann1=', 1, 'open:never-used')).toMatchObject({ code: 'bad-request' });

    expect(await ports.readPositions.read({ user: 'ann', channel: CHANNEL })).toBeUndefined();
    expect(await ports.channelLog.head('open:never-used')).toBeUndefined();
    expect(await mark('ann1=', head)).toMatchObject({ event: 'marked', seq: head });
  });

  it('costs a read of the head and a write beside the charge for the frame, and with 0 one read', async () => {
    await publish(1);
    const asked: string[] = [];
    const counted: typeof ports.readPositions = {
      advance(...args) {
        asked.push('advance');
        return ports.readPositions.advance(...args);
      },
      read(...args) {
        asked.push('read');
        return ports.readPositions.read(...args);
      },
      forget: ports.readPositions.forget,
    };
    const head: typeof ports.channelLog.head = (channel) => {
      asked.push('head');
      return ports.channelLog.head(channel);
    };
    const others = { readPositions: counted, channelLog: { ...ports.channelLog, head } };

    const reply = await ask('ann1=', { action: 'mark', channel: CHANNEL, seq: 9 }, others);
    await ask('ann1=', { action: 'mark', channel: CHANNEL, seq: 0 }, others);

    expect(reply).toMatchObject({ event: 'marked', seq: 9 });
    expect(asked).toEqual(['head', 'advance', 'read']);
  });

  it('may be forgotten a month after everything up to it has expired, and no sooner', async () => {
    await publish(1);
    const kept: number[] = [];
    const readPositions = {
      ...ports.readPositions,
      advance: async (_reader: unknown, seq: number, expiresAt: number) => {
        kept.push(expiresAt);
        return seq;
      },
    };

    await ask('ann1=', { action: 'mark', channel: CHANNEL, seq: 7 }, { readPositions });

    expect(kept).toEqual([(NOW + (RETENTION_HOURS + 30 * 24) * HOUR) / 1000]);
  });

  it('is for signed-in users', async () => {
    expect(await mark('visitor=', 7)).toMatchObject({ code: 'unauthenticated', action: 'mark' });
    expect(await subscribe('visitor=', { after: 7 })).toMatchObject({ event: 'subscribed' });
  });

  it.each(['staff:room', '@user:ann', 'unknown:room'])(
    'is refused on %s to users who may not subscribe to it, and stores nothing',
    async (channel) => {
      expect(await mark('bob=', 7, channel)).toMatchObject({ code: 'forbidden' });
      expect(await ports.readPositions.read({ user: 'bob', channel })).toBeUndefined();
    },
  );

  it('is refused in a channel without history', async () => {
    expect(await mark('ann1=', 7, 'live:cursors')).toMatchObject({ code: 'bad-request' });
  });

  it.each([{}, { seq: -1 }, { seq: 1.5 }, { seq: '7' }, { seq: 2 ** 53 }, { seq: null }])(
    'is refused with the position %j',
    async (position) => {
      expect(await ask('ann1=', { action: 'mark', channel: CHANNEL, ...position })).toMatchObject({
        code: 'bad-request',
      });
    },
  );
});

describe('subscribe after "marked"', () => {
  it('replays the messages after the mark, also if another device made it', async () => {
    const numbers = await publish(5);
    await mark('ann1=', numbers[1] ?? 0);

    const reply = await subscribe('ann2=');

    expect(reply).toMatchObject({ seq: numbers[4], recovered: true, more: false });
    expect(numbersOf(reply.messages)).toEqual(numbers.slice(2));
  });

  it('replays all kept messages to a user who never marked', async () => {
    const numbers = await publish(3);
    await mark('ann1=', numbers[2] ?? 0);

    expect(numbersOf((await subscribe('bob=')).messages)).toEqual(numbers);
    expect(numbersOf((await subscribe('ann1=')).messages)).toEqual([]);
  });

  it('begins behind expired messages if the user never marked', async () => {
    await publish(2);
    clock += (RETENTION_HOURS + 1) * HOUR;
    const kept = await publish(2);

    const reply = await subscribe('ann1=');

    expect(reply).toMatchObject({ recovered: true, more: false });
    expect(numbersOf(reply.messages)).toEqual(kept);
  });

  it('is not recovered when messages behind the mark have expired', async () => {
    const [first = 0] = await publish(3);
    await mark('ann1=', first);
    clock += (RETENTION_HOURS + 1) * HOUR;
    await publish(1);

    expect(await subscribe('ann1=')).toMatchObject({ recovered: false });
    expect((await subscribe('ann1=')).messages).toBeUndefined();
  });

  it('finds no message in a channel that was never used, and returns a position', async () => {
    expect(await subscribe('ann1=')).toEqual({
      event: 'subscribed',
      channel: CHANNEL,
      seq: 0,
      recovered: true,
      messages: [],
      more: false,
    });
  });

  it('says with "more" that the rest is in history', async () => {
    const numbers = await publish(1_002);

    const reply = await subscribe('ann1=');

    expect(reply.more).toBe(true);
    expect(numbersOf(reply.messages)).toEqual(numbers.slice(0, 1_000));
  });

  it('works while another device marks at the same moment', async () => {
    const [first = 0] = await publish(1);
    const head: typeof ports.channelLog.head = async (channel) => {
      const found = await ports.channelLog.head(channel);
      const [next = 0] = await publish(1);
      await mark('ann2=', next);
      return found;
    };
    await mark('ann1=', first);

    const reply = await ask(
      'ann1=',
      { action: 'subscribe', channel: CHANNEL, ...MARKED },
      { channelLog: { ...ports.channelLog, head } },
    );

    expect(reply).toMatchObject({ event: 'subscribed', seq: first, recovered: true, messages: [] });
  });

  it("works on the user's own inbox, and on no other inbox", async () => {
    const inbox = '@user:ann';
    const numbers = await publish(3, inbox);
    await mark('ann1=', numbers[0] ?? 0, inbox);

    expect(numbersOf((await subscribe('ann2=', { channel: inbox, ...MARKED })).messages)).toEqual(
      numbers.slice(1),
    );
    expect(await ask('bob=', { action: 'subscribe', channel: inbox, ...MARKED })).toMatchObject({
      code: 'forbidden',
    });
  });

  it('returns no position in a channel without history', async () => {
    expect(await subscribe('ann1=', { channel: 'live:cursors', ...MARKED })).toEqual({
      event: 'subscribed',
      channel: 'live:cursors',
      recovered: false,
    });
  });

  it('subscribes no anonymous connection', async () => {
    expect(await ask('visitor=', { action: 'subscribe', channel: CHANNEL, ...MARKED })).toMatchObject({
      code: 'unauthenticated',
    });
    expect((await ports.subscriptions.page({ channel: CHANNEL, shard: 0 })).subscriptions).toEqual([]);
  });

  it.each(['Marked', '', '7', null, true, {}])('is not the same as %j', async (after) => {
    expect(await ask('ann1=', { action: 'subscribe', channel: CHANNEL, after })).toMatchObject({
      code: 'bad-request',
    });
  });
});
