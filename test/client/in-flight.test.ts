/** Commands that wait for their replies: which frame answers which command, and which frames answer no command. */

import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../packages/client/src/lib/settings/settings.ts';
import { InFlight } from '../../packages/client/src/lib/socket/in-flight.ts';
import type { Command, CommandResult } from '../../packages/client/src/lib/wire/command-result.ts';
import { parseFrames } from '../../packages/client/src/lib/wire/server-frame.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeSocket } from './fake-socket.ts';

/** Commands in flight; `take` says whether a frame was an answer, and `results` has what each command got, in order. */
function inFlight() {
  const clock = new FakeClock();
  const overdue: number[] = [];
  const options = { webSocket: FakeSocket, clock, requestTimeoutMs: 1_000 };
  const sent: string[] = [];
  const commands = new InFlight(settingsOf('ws://fake', options), {
    answers: async () => overdue.push(clock.now()),
    send: (text) => sent.push(text),
  });
  const results: (CommandResult | undefined)[] = [];
  const texts: string[] = [];
  const send = (options: Omit<Command, 'text'> = {}) => {
    const reply = commands.add({ text: '{"action":"ping"}', ...options }, texts);
    const at = texts.length - 1;
    void reply.then((settled) => {
      results[at] = settled;
    });
  };
  const take = async (frame: object) => {
    const [parsed] = parseFrames(JSON.stringify(frame));
    if (!parsed) throw new Error('no frame');
    const isAnswer = commands.take(parsed);
    await settle();
    return isAnswer;
  };
  return { clock, commands, overdue, results, sent, texts, send, take };
}

/** An error as API Gateway itself sends it: it names no command. */
const gatewayError = { message: 'Internal server error', connectionId: 'c', requestId: 'r' };

describe('commands in flight', () => {
  it('are numbered from 1', () => {
    const { send, texts } = inFlight();
    send();
    send();

    expect(texts).toEqual(['{"id":1,"action":"ping"}', '{"id":2,"action":"ping"}']);
  });

  it('get their replies by id, in any order', async () => {
    const { send, take, results } = inFlight();
    send();
    send();

    expect(await take({ event: 'pong', id: 2 })).toBe(true);
    expect(results).toEqual([undefined, expect.objectContaining({ id: 2 })]);
    expect(await take({ event: 'pong', id: 1 })).toBe(true);
    expect(results[0]).toMatchObject({ id: 1 });
  });

  it('get an error of the gateway if exactly one is in flight', async () => {
    const { send, take, results } = inFlight();
    send();

    expect(await take(gatewayError)).toBe(true);
    expect(results).toMatchObject([{ code: 'internal', status: 500 }]);
  });

  it('do not count any more when they are answered', async () => {
    const { send, take, results } = inFlight();
    send();
    await take({ event: 'pong', id: 1 });
    send();

    expect(await take(gatewayError)).toBe(true);
    expect(results[1]).toMatchObject({ code: 'internal' });
  });

  it('do not count any more when they are overdue', async () => {
    const { clock, send, take, results, overdue } = inFlight();
    send();
    await clock.pass(1_000);
    expect(overdue).toHaveLength(1);
    expect(results).toMatchObject([{ code: 'timeout' }]);
    send();

    expect(await take(gatewayError)).toBe(true);
    expect(results[1]).toMatchObject({ code: 'internal' });
  });

  it('are sent again under the same id when they are overdue, so that a late reply to the first attempt counts', async () => {
    const { clock, send, take, results, sent, texts } = inFlight();
    send({ repeats: true });
    await clock.pass(1_200);
    await take({ event: 'pong', id: 1 });

    expect(sent).toEqual(texts);
    expect(results).toMatchObject([{ event: 'pong' }]);
    expect(await take({ event: 'pong', id: 1 })).toBe(true);
    expect(clock.planned).toBe(0);
  });

  it('are given up when they were overdue as often as they may be', async () => {
    const { clock, send, results, sent } = inFlight();
    send({ repeats: false });
    await clock.pass(2_999);
    expect(results).toEqual([]);
    await clock.pass(1);

    expect(results).toMatchObject([{ code: 'timeout' }]);
    expect(sent).toEqual([]);
  });

  it.each([0, 2])('do not get an error of the gateway if %i are in flight', async (count) => {
    const { send, take, results } = inFlight();
    for (let n = 0; n < count; n += 1) send();

    expect(await take(gatewayError)).toBe(false);
    expect(results).toEqual([]);
  });

  it('do not get a pushed frame', async () => {
    const { send, take, results } = inFlight();
    send();

    expect(await take({ event: 'messages', channel: 'open:x', messages: [] })).toBe(false);
    expect(results).toEqual([]);
  });

  it('keep no timer when they are answered', async () => {
    const { clock, send, take, overdue } = inFlight();
    send();
    await take({ event: 'pong', id: 1 });

    expect(clock.planned).toBe(0);
    await clock.pass(1_000);
    expect(overdue).toEqual([]);
  });

  it('get nothing when the socket ends, and keep no timer', async () => {
    const { clock, commands, send, results } = inFlight();
    send();
    send();
    commands.end();
    await settle();

    expect(results).toEqual([undefined, undefined]);
    expect(clock.planned).toBe(0);
  });
});
