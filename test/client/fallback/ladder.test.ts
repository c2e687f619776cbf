/** Which transport the next socket takes. */

import { describe, expect, it } from 'vitest';
import { Ladder } from '../../../packages/client/src/lib/fallback/ladder.ts';
import type { Transport } from '../../../packages/client/src/lib/fallback/transports.ts';

const ALL = ['websocket', 'sse', 'polling'] as const;

/** A socket of the next transport was open and ends. */
function live(ladder: Ladder, outcome: 'good' | 'failed' | 'refused' | 'unknown'): void {
  const { next } = ladder;
  ladder.opened(next);
  ladder.ended(next, outcome, true);
}

/** A socket of the next transport does not open. */
function fail(ladder: Ladder, times = 1): Transport {
  for (let n = 0; n < times; n += 1) ladder.ended(ladder.next, 'failed', false);
  return ladder.next;
}

describe('the ladder', () => {
  it('begins with the first transport, or with the one that worked before, if it is one of them', () => {
    expect(new Ladder(ALL).next).toBe('websocket');
    expect(new Ladder(ALL, 'sse').next).toBe('sse');
    expect(new Ladder(['sse', 'polling'], 'websocket').next).toBe('sse');
  });

  it('goes down with each failure, and from the last one back to the first', () => {
    const ladder = new Ladder(ALL);

    expect([fail(ladder), fail(ladder), fail(ladder)]).toEqual(['sse', 'polling', 'websocket']);
  });

  it('forgives one failure of a transport that has worked, but not two', () => {
    const ladder = new Ladder(ALL);
    live(ladder, 'good');

    expect(fail(ladder)).toBe('websocket');
    expect(fail(ladder)).toBe('sse');
  });

  it('goes down when sockets open and break, again and again', () => {
    const ladder = new Ladder(ALL);

    live(ladder, 'failed');
    expect(ladder.next).toBe('websocket');
    live(ladder, 'failed');

    expect(ladder.next).toBe('sse');
  });

  it('counts failures in a row only', () => {
    const ladder = new Ladder(ALL);
    live(ladder, 'failed');
    live(ladder, 'good');
    live(ladder, 'failed');

    expect(ladder.next).toBe('websocket');
  });

  it('does not count a socket that was given up', () => {
    const ladder = new Ladder(ALL);
    for (let n = 0; n < 5; n += 1) live(ladder, 'unknown');
    ladder.ended('websocket', 'unknown', false);

    expect(ladder.next).toBe('websocket');
  });

  it('stays while another socket of the same transport is open, because the transport is not blocked', () => {
    const ladder = new Ladder(ALL);
    ladder.opened('websocket');

    expect(fail(ladder, 3)).toBe('websocket');
    ladder.ended('websocket', 'good', true);
    expect(fail(ladder, 2)).toBe('sse');
  });

  it('begins at the top again when the server itself refuses, because that says nothing about transports', () => {
    const ladder = new Ladder(ALL);
    fail(ladder);
    ladder.ended('sse', 'refused', false);

    expect(ladder.next).toBe('websocket');
  });

  it('ignores a socket of a transport that was left', () => {
    const ladder = new Ladder(ALL);
    fail(ladder);
    ladder.ended('websocket', 'failed', false);
    ladder.ended('websocket', 'refused', false);

    expect(ladder.next).toBe('sse');
  });

  it('stays with a single transport', () => {
    expect(fail(new Ladder(['sse']), 5)).toBe('sse');
  });

  it('takes the transport of the youngest open socket as the one in use', () => {
    const ladder = new Ladder(ALL);
    expect([ladder.inUse, ladder.better]).toEqual([undefined, []]);

    ladder.opened('polling');
    expect([ladder.inUse, ladder.better]).toEqual(['polling', ['websocket', 'sse']]);
    ladder.opened('sse');
    expect([ladder.inUse, ladder.better]).toEqual(['sse', ['websocket']]);
    ladder.ended('polling', 'good', true);
    expect(ladder.inUse).toBe('sse');
    ladder.opened('websocket');
    expect([ladder.inUse, ladder.better]).toEqual(['websocket', []]);
  });

  it('climbs to a transport whose probe came through, and gives it credit', () => {
    const ladder = new Ladder(ALL);
    fail(ladder, 2);
    ladder.opened('polling');

    ladder.climb('websocket');
    expect(ladder.next).toBe('websocket');
    expect(fail(ladder)).toBe('websocket');
    expect(fail(ladder)).toBe('sse');
  });

  it('forgets the number of probes only when the best transport was stable', () => {
    const ladder = new Ladder(ALL);
    ladder.probes = 3;
    live(ladder, 'failed');
    live(ladder, 'failed');
    live(ladder, 'good');
    expect(ladder.probes).toBe(3);

    ladder.restart();
    live(ladder, 'good');
    expect(ladder.probes).toBe(0);
  });
});
