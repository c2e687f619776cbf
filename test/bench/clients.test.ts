/** The pure parts of the comparison with the peers' clients: what counts as lost, the worst second, and who is better. */

import { describe, expect, it } from 'vitest';
import { whereOthersAreBetter } from '../../bench/clients/better.ts';
import { lossesOf } from '../../bench/clients/losses.ts';
import { fanfare } from '../../bench/clients/peers/fanfare.ts';
import { VirtualServer } from '../../bench/clients/virtual-server.ts';
import { VirtualTimers } from '../../bench/clients/virtual-timers.ts';
import { timeOfShare, worstSecond } from '../../bench/clients/worst-second.ts';

describe('losses', () => {
  const published = [1, 2, 3, 4, 5];
  const lost = (received: readonly number[]) => lossesOf({ published, away: [3, 4], received });

  it('are 0 for a client that got each message once and in order', () => {
    expect(lost([1, 2, 3, 4, 5])).toEqual({ arrived: 2, missed: 0, doubled: 0, outOfOrder: 0 });
  });

  it('count a message of the cut that never arrived', () => {
    expect(lost([1, 2, 4, 5])).toEqual({ arrived: 1, missed: 1, doubled: 0, outOfOrder: 0 });
  });

  it('count a message that was published after the cut as missed only', () => {
    expect(lost([1, 2, 3, 4])).toEqual({ arrived: 2, missed: 1, doubled: 0, outOfOrder: 0 });
  });

  it('count a late message as out of order, and its repeat as doubled', () => {
    expect(lost([1, 2, 4, 3, 3, 5])).toEqual({ arrived: 2, missed: 0, doubled: 1, outOfOrder: 1 });
  });
});

describe('the worst second', () => {
  it('of nothing has no event', () => {
    expect(worstSecond([])).toBe(0);
  });

  it('begins anywhere, not only at a full second', () => {
    expect(worstSecond([900, 1_000, 1_899])).toBe(3);
  });

  it('is shorter than the distance of two events that are 1,000 ms apart', () => {
    expect(worstSecond([2_000, 1_000])).toBe(1);
  });

  it('is found before a calmer end', () => {
    expect(worstSecond([5, 6, 7, 9_000, 20_000])).toBe(3);
  });
});

describe('the time of a share', () => {
  it('is the time of the last client of that share', () => {
    expect(timeOfShare([30, 10, 20, 40], 4, 0.75)).toBe(30);
  });

  it('is missing when too few of all arrived', () => {
    expect(timeOfShare([10, 20], 4, 0.75)).toBeUndefined();
  });
});

describe('where others are better', () => {
  const criterion = (figures: readonly (readonly [string, number | undefined])[]) =>
    whereOthersAreBetter('own', [{ what: 'KB', figures, shown: (figure) => figure.toFixed(1) }]);

  it('names each client with less', () => {
    expect(
      criterion([
        ['own', 6],
        ['small', 2],
        ['large', 9],
        ['smaller', 1],
      ]),
    ).toEqual([['KB', '6.0', 'small 2.0, smaller 1.0']]);
  });

  it('has no row when no client shows less', () => {
    expect(
      criterion([
        ['own', 6],
        ['as large', 5.99],
        ['not measured', undefined],
      ]),
    ).toEqual([]);
  });
});

describe('virtual timers', () => {
  it('run in the order of their times, and an interval until it is cleared', async () => {
    const timers = new VirtualTimers(0);
    const { setTimeout, setInterval, clearInterval } = timers.globals;
    const happened: string[] = [];
    const told = (what: string) => () => void happened.push(`${what} ${timers.now()}`);

    setTimeout(told('late'), 25);
    const interval = setInterval(told('again'), 10);
    setTimeout(() => clearInterval(interval), 25);
    await timers.pass(100);

    expect(happened).toEqual(['again 10', 'again 20', 'late 25']);
    expect(timers.now()).toBe(100);
  });

  it('do not run when another timer of the same millisecond has cleared them', async () => {
    const timers = new VirtualTimers(0);
    const { setTimeout, clearTimeout } = timers.globals;
    const happened: string[] = [];

    setTimeout(() => clearTimeout(second), 5);
    const second = setTimeout(() => void happened.push('second'), 5);
    await timers.pass(10);

    expect(happened).toEqual([]);
  });
});

describe('the virtual server', () => {
  async function opened(isUp: boolean): Promise<{ server: VirtualServer; events: string[] }> {
    const timers = new VirtualTimers(0);
    const after = (ms: number, run: () => void) => void timers.globals.setTimeout(run, ms);
    const server = new VirtualServer(fanfare.conversation, { now: timers.now, after }, () => 0);
    server.isUp = isUp;
    const socket = new server.webSocket('ws://localhost', ['fanfare.v1']);
    const events: string[] = [];
    for (const type of ['open', 'message', 'error', 'close'])
      socket.addEventListener(type, () => events.push(`${type} ${timers.now()}`));
    socket.onopen = () => socket.send('{"id":1,"action":"ping"}');
    await timers.pass(50);
    return { server, events };
  }

  it('opens after one way and back, and answers after another', async () => {
    const { server, events } = await opened(true);

    expect(events).toEqual(['open 10', 'message 20']);
    server.fail();
    expect(events.slice(2)).toEqual(['error 50', 'close 50']);
  });

  it('that is gone refuses, and counts the attempt', async () => {
    const { server, events } = await opened(false);

    expect(events).toEqual(['error 10', 'close 10']);
    expect(server.attempts).toEqual([0]);
  });
});
