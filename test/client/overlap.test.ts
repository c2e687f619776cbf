/** Copies of messages without numbers. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Overlap } from '../../packages/client/src/lib/socket/overlap.ts';

const old = { name: 'old' };
const young = { name: 'new' };
const sockets = { old, new: young };
const say = (data: string) => ({ data, time: 0 });

describe('while two sockets receive the same messages', () => {
  it('each passes once, in every interleaving of the copies and also if messages are equal', () => {
    const texts = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 });
    const choices = fc.array(fc.boolean(), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(texts, choices, (sent, choice) => {
        const overlap = new Overlap<object>();
        const queues = { old: [...sent], new: [...sent] };
        const passed: string[] = [];
        for (const isOld of choice) {
          const socket = (isOld && queues.old.length > 0) || queues.new.length === 0 ? 'old' : 'new';
          const data = queues[socket].shift();
          if (data !== undefined && overlap.isFresh(sockets[socket], 'live:x', say(data), true))
            passed.push(data);
        }
        expect(passed.sort()).toEqual([...sent].sort());
      }),
    );
  });

  it('a copy that comes after the end is dropped, and the next message passes', () => {
    const overlap = new Overlap<object>();
    expect(overlap.isFresh(old, 'live:x', say('a'), true)).toBe(true);

    expect(overlap.isFresh(young, 'live:x', say('a'), false)).toBe(false);
    expect(overlap.isFresh(young, 'live:x', say('a'), false)).toBe(true);
    expect(overlap.isFresh(young, 'live:x', say('b'), false)).toBe(true);
    expect(overlap.isFresh(young, 'live:x', say('b'), false)).toBe(true);
  });

  it('messages are not compared without an overlap', () => {
    const overlap = new Overlap<object>();

    expect(overlap.isFresh(old, 'live:x', say('a'), false)).toBe(true);
    expect(overlap.isFresh(old, 'live:x', say('a'), false)).toBe(true);
  });
});
