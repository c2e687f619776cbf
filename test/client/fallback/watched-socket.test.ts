/** The reports of a watched socket about its end, and the frames that it passes on. */

import { describe, expect, it } from 'vitest';
import type { Ending } from '../../../packages/client/src/lib/fallback/outcome.ts';
import { WatchedSocket } from '../../../packages/client/src/lib/fallback/watched-socket.ts';
import { Timers } from '../../../packages/client/src/lib/platform/clock.ts';
import type { WebSocketLike } from '../../../packages/client/src/lib/platform/web-socket.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeSocket } from '../fake-socket.ts';

function watched() {
  const clock = new FakeClock();
  const inner = new FakeSocket('ws://fake', []);
  const endings: Ending[] = [];
  const told: string[] = [];
  const socket: WebSocketLike = new WatchedSocket(inner, {
    clock: new Timers(clock),
    openTimeoutMs: 8_000,
    opened: () => told.push('watch: opened'),
    ended: (ending) => endings.push(ending),
  });
  socket.addEventListener('open', () => told.push('open'));
  socket.addEventListener('message', ({ data }) => told.push(`message ${data}`));
  socket.addEventListener('close', ({ code }) => told.push(`close ${code}`));
  return { clock, inner, socket, endings, told };
}

describe('a watched socket', () => {
  it('is mute if it was open and no frame came', async () => {
    const { clock, inner, endings } = watched();
    inner.accept();
    await clock.pass(3_000);
    inner.cut();

    expect(endings).toEqual([{ code: 1006, isOurs: false, isMute: true, openMs: 3_000 }]);
  });

  it('is not mute if a frame came', async () => {
    const { clock, inner, endings } = watched();
    inner.accept();
    inner.push('hello');
    await clock.pass(3_000);
    inner.cut();

    expect(endings).toEqual([{ code: 1006, isOurs: false, isMute: false, openMs: 3_000 }]);
  });

  it('reports that this side closed it, with the code', () => {
    const { inner, socket, endings, told } = watched();
    inner.accept();
    socket.close(1000);

    expect(endings).toEqual([{ code: 1000, isOurs: true, isMute: true, openMs: 0 }]);
    expect(told).toEqual(['watch: opened', 'open', 'close 1000']);
    expect(inner.state).toBe('closed');
  });

  it('reports no time of being open if it never was', () => {
    const { inner, endings } = watched();
    inner.cut();

    expect(endings).toEqual([{ code: 1006, isOurs: false, isMute: true }]);
  });

  it('ends when it does not open in time, also if the platform never says so', async () => {
    const { clock, inner, endings, told } = watched();
    inner.isDead = true;
    await clock.pass(7_999);
    expect(endings).toEqual([]);
    await clock.pass(1);

    expect(endings).toEqual([{ code: 1006, isOurs: false, isMute: true }]);
    expect(told).toEqual(['close 1006']);
  });

  it('stays when it opened in time', async () => {
    const { clock, inner, endings } = watched();
    await clock.pass(7_999);
    inner.accept();
    await clock.pass(60_000);

    expect(endings).toEqual([]);
  });

  it('passes on what comes while it is open, and nothing after its end', async () => {
    const { clock, inner, socket, endings, told } = watched();
    inner.accept();
    inner.push('one');
    inner.isDead = true;
    socket.close(1000);
    inner.isDead = false;
    inner.push('two');
    inner.cut();
    await clock.pass(60_000);

    expect(told).toEqual(['watch: opened', 'open', 'message one', 'close 1000']);
    expect(endings).toHaveLength(1);
  });

  it('does not open after its end', async () => {
    const { clock, inner, told } = watched();
    inner.isDead = true;
    await clock.pass(8_000);
    inner.accept();

    expect(told).toEqual(['close 1006']);
  });
});
