import { errorEvent } from 'fanfare-protocol/events';
import { BURST_MS, COMMANDS_PER_FRAME, COMMANDS_PER_SECOND } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { type ActionContext, actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import type { ChargeRequest } from '../../../lambdas/realtime/access/charge-store.ts';
import { costOf } from '../../../lambdas/realtime/access/rate-limit.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const me = sessionFixture();
const limited = { event: 'error', code: 'rate-limited', status: 429, retryAfter: expect.any(Number) };
const ping = { action: 'ping' };
const BURST_COMMANDS = (COMMANDS_PER_SECOND * BURST_MS) / 1000;

describe('the answer to a connection that asks for too much', () => {
  let ports: MemoryPorts;
  let bills: ChargeRequest[];
  let context: ActionContext;

  beforeEach(async () => {
    ports = memoryPorts();
    bills = [];
    await ports.connections.open({ connectionId: me.connectionId, expiresAt: NOW }, []);
    const charge: typeof ports.charges.charge = (connectionId, bill) => {
      bills.push(bill);
      return ports.charges.charge(connectionId, bill);
    };
    context = actionContext(config({ local: true }), { ...ports, charges: { charge } });
  });

  const ask = async (frame: unknown): Promise<unknown> => {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    return JSON.parse(await answer(text, me, context));
  };

  /** Sends a frame, more often than any limit allows, until it is answered by an error. */
  async function refusalOf(frame: unknown): Promise<unknown> {
    for (let n = 0; n < 2 * BURST_COMMANDS; n++) {
      const reply = await ask(frame);
      if (JSON.stringify(reply).includes('"error"')) return reply;
    }
    throw new Error('There is no limit');
  }

  const flood = () => refusalOf(Array.from({ length: COMMANDS_PER_FRAME }, () => ping));

  /** The container's own share costs no bill. */
  async function useShare(): Promise<void> {
    for (let n = 0; n < BURST_COMMANDS && bills.length === 0; n++) await ask(ping);
    bills = [];
  }

  it('to one command is one error, in the protocol, with its id', async () => {
    await flood();

    const reply = await ask({ action: 'publish', channel: 'open:a', data: 1, id: 'x' });

    expect(v.parse(errorEvent, reply)).toEqual({
      ...limited,
      id: 'x',
      action: 'publish',
      message: expect.stringContaining('commands'),
    });
    expect(ports.posts).toEqual([]);
  });

  it('to an array is one error for each command, with its id', async () => {
    await flood();

    const reply = await ask([
      { ...ping, id: 1 },
      { action: 'subscribe', channel: 'open:a', id: 2 },
      'nonsense',
      ping,
    ]);

    expect(v.parse(v.array(errorEvent), reply)).toMatchObject([
      { ...limited, id: 1, action: 'ping' },
      { ...limited, id: 2, action: 'subscribe' },
      limited,
      limited,
    ]);
    expect((await ports.subscriptions.page({ channel: 'open:a', shard: 0 })).subscriptions).toEqual([]);
  });

  it.each(['hello', '', '[]', `"${'x'.repeat(200_000)}"`, '['.repeat(1_000)])(
    'to a frame that cannot be read is one error, too (%#)',
    async (frame) => {
      await flood();

      expect(v.parse(errorEvent, await ask(frame))).toMatchObject(limited);
    },
  );

  it.each([
    ['a frame that cannot be read', 'hello', { commands: 1, bytes: 5 }],
    ['an empty frame', '', { commands: 1, bytes: 0 }],
    ['a command that does not exist', '{"action":"x"}', { commands: 1, bytes: 14 }],
    ['each command of an array', '[1,2,3]', { commands: 3, bytes: 7 }],
    ['bytes, not characters', `"${'\u{1F600}'.repeat(10_000)}"`, { commands: 1, bytes: 40_002 }],
  ])('follows from a charge for %s', async (_what, frame, size) => {
    await useShare();

    await ask(frame);

    expect(bills).toMatchObject([{ costMs: costOf(size), now: me.receivedAt }]);
  });

  it('to a forgotten connection is busy for each command, and the connection is closed', async () => {
    await ports.connections.remove(me.connectionId);

    const reply = await refusalOf([ping, ping]);

    expect(v.parse(v.array(errorEvent), reply)).toMatchObject([{ code: 'busy' }, { code: 'busy' }]);
    expect(ports.disconnected).toEqual([me.connectionId]);
  });

  it('to a failed charge is `internal`, and the command does not run', async () => {
    const charge = () => Promise.reject(new Error('secret detail'));
    context = actionContext(config({ local: true }), {
      ...ports,
      charges: { charge },
    });
    const publish = { action: 'publish', channel: 'open:a', data: 1 };
    const reply = await refusalOf(publish);
    const head = await ports.channelLog.head('open:a');

    expect(await ask(publish)).toMatchObject({ code: 'internal' });

    expect(JSON.stringify(reply)).not.toContain('secret detail');
    expect(await ports.channelLog.head('open:a')).toEqual(head);
  });
});
