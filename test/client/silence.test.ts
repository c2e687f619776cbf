/** Networks that forget silent connections: a socket stays open, and nothing passes any more. */

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connected } from './connected.ts';
import type { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import type { FakeSocket } from './fake-socket.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A middlebox that forgets each connection after a silence of this length. */
class Middlebox {
  readonly server = new FakeServer();
  private readonly heard = new Map<FakeSocket, number>();
  private readonly forgetsAfterMs: number;

  constructor(forgetsAfterMs: number) {
    this.forgetsAfterMs = forgetsAfterMs;
  }

  /** Everything that happens in this second passes the box, or the box swallows it. */
  watch(clock: FakeClock): void {
    for (const socket of this.server.open) {
      const last = this.heard.get(socket);
      if (last === undefined) this.hear(socket, clock);
      else if (clock.now() - last >= this.forgetsAfterMs) socket.isDead = true;
    }
  }

  private hear(socket: FakeSocket, clock: FakeClock): void {
    this.heard.set(socket, clock.now());
    const { onFrame } = socket;
    socket.onFrame = (frame) => {
      this.heard.set(socket, clock.now());
      onFrame(frame);
    };
  }

  /** The server pushes: the box hears that, too. */
  say(name: string, data: unknown, clock: FakeClock): void {
    this.server.say(name, data);
    for (const socket of this.server.open) if (!socket.isDead) this.heard.set(socket, clock.now());
  }
}

/** How late each message is, when one comes every `everyMs`, over hours. */
async function latenesses(forgetsAfterMs: number, everyMs: number, hours: number): Promise<number[]> {
  const box = new Middlebox(forgetsAfterMs);
  const { connection, clock } = await connected({}, box.server);
  const late: number[] = [];
  await connection.channel('open:x').subscribe(({ data }) => late.push(clock.now() - Number(data))).ready;
  for (let at = SECOND; at <= hours * HOUR; at += SECOND) {
    await clock.pass(SECOND);
    box.watch(clock);
    if (at % everyMs === 0) box.say('open:x', clock.now(), clock);
  }
  return late;
}

describe('behind a middlebox that forgets in silence', () => {
  it.each([30, 60, 120])(
    'no message is late after the first loss, with a limit of %i seconds',
    async (limit) => {
      const late = await latenesses(limit * SECOND, 150 * SECOND, 3);

      expect(late).toHaveLength(72);
      expect(late.filter((ms) => ms > 5 * SECOND).length).toBeLessThanOrEqual(2);
      expect(late.slice(2).filter((ms) => ms > 5 * SECOND)).toEqual([]);
    },
  );

  it('the client pings every 25 seconds once a ping after silence got no pong', async () => {
    const { server, clock } = await connected();
    server.socket.isDead = true;
    await clock.pass(4.5 * MINUTE + 5 * SECOND);
    expect(server.sockets).toHaveLength(2);

    await clock.pass(5 * MINUTE);

    expect(server.commandsOf('ping')).toHaveLength(12);
  });

  it('the client goes back to the long time after eight hours without another loss', async () => {
    const { server, clock } = await connected();
    server.socket.isDead = true;
    await clock.pass(5 * MINUTE);

    await clock.pass(8 * HOUR);
    const often = server.commandsOf('ping').length;
    await clock.pass(HOUR);

    expect(often).toBeGreaterThan(1_000);
    expect(server.commandsOf('ping').length - often).toBeLessThan(16);
  });

  it('a socket that is replaced after an answered ping changes nothing', async () => {
    const { server, clock, connection } = await connected();
    await clock.pass(5 * MINUTE);
    connection.renew();
    await clock.pass(MINUTE);
    const before = server.commandsOf('ping').length;

    await clock.pass(HOUR);

    expect(server.sockets).toHaveLength(2);
    expect(server.commandsOf('ping').length - before).toBeLessThan(16);
  });

  it('the wait for a pong stays at five seconds, however long frames follow an answered ping', async () => {
    const { server, clock } = await connected();
    await clock.pass(5 * MINUTE);
    server.socket.push({ event: 'messages', channel: 'open:x', messages: [] });
    server.socket.isDead = true;

    await clock.pass(9 * MINUTE + 5 * SECOND);

    expect(server.sockets).toHaveLength(2);
  });

  it('a publish into a forgotten connection shortens the time as well', async () => {
    const { server, connection, clock } = await connected();
    await clock.pass(100 * SECOND);
    server.socket.isDead = true;
    const published = connection.channel('open:x').publish(1);
    await clock.pass(16 * SECOND);
    await published;

    await clock.pass(50 * SECOND);

    expect(server.commandsOf('ping')).toHaveLength(2);
  });
});

describe('the time between pings stays long', () => {
  it('when the server closes a silent connection', async () => {
    const { server, clock } = await connected();
    await clock.pass(MINUTE);
    server.socket.cut(1001);
    await clock.pass(500);

    await clock.pass(4 * MINUTE);

    expect(server.commandsOf('ping')).toEqual([]);
  });

  it('when a page has slept', async () => {
    const window = Object.assign(new EventTarget(), { document: { hidden: false } });
    vi.stubGlobal('window', window);
    onTestFinished(() => void vi.unstubAllGlobals());
    const { server, clock } = await connected();
    await clock.pass(MINUTE);
    server.socket.isDead = true;
    window.dispatchEvent(new Event('visibilitychange'));
    await clock.pass(5 * SECOND);
    expect(server.sockets).toHaveLength(2);

    await clock.pass(4 * MINUTE);

    expect(server.commandsOf('ping')).toEqual([]);
  });

  it('when the option says so', async () => {
    const { server, clock } = await connected({ heartbeat: { idleMs: 2 * MINUTE, shortIdleMs: 2 * MINUTE } });
    server.socket.isDead = true;
    await clock.pass(2 * MINUTE + 5 * SECOND);
    expect(server.sockets).toHaveLength(2);

    await clock.pass(4 * MINUTE);

    expect(server.commandsOf('ping')).toHaveLength(2);
  });
});

it('an option of ten seconds is kept, although it is shorter than the short time', async () => {
  const { server, clock } = await connected({ heartbeat: { idleMs: 10 * SECOND } });

  await clock.pass(MINUTE);

  // After 5 s, and then after each 10.
  expect(server.commandsOf('ping')).toHaveLength(7);
});
