import { FRAME_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { type Change, framesOf } from '../../../../lambdas/realtime/presence/diff-frames.ts';

const channel = 'chat:a';

const joins = (count: number, info?: string): Change[] =>
  Array.from({ length: count }, (_, at) => ({
    event: 'joined',
    member: { user: `user${at}`, at, ...(info !== undefined && { info }) },
  }));

const textsOf = (changes: readonly Change[]) =>
  framesOf(channel, changes).map((frame) => new TextDecoder().decode(frame));

describe('the frames of changes', () => {
  it('do not exist without a change', () => {
    expect(framesOf(channel, [])).toEqual([]);
  });

  it('are one event with its member for a single change', () => {
    expect(textsOf(joins(1))).toEqual([
      '{"event":"joined","channel":"chat:a","member":{"user":"user0","at":0}}',
    ]);
  });

  it('are one array for several changes, with an event only for what has happened', () => {
    const [ann, bob] = joins(2);
    if (!ann || !bob) throw new Error('There are two');

    expect(textsOf([ann, bob])).toEqual([
      '[{"event":"joined","channel":"chat:a","members":[{"user":"user0","at":0},{"user":"user1","at":1}]}]',
    ]);
    expect(textsOf([ann, { ...bob, event: 'left' }])).toEqual([
      '[{"event":"joined","channel":"chat:a","members":[{"user":"user0","at":0}]},{"event":"left","channel":"chat:a","members":[{"user":"user1","at":1}]}]',
    ]);
  });

  it('have 32 KB at most, and all changes once', () => {
    const texts = textsOf(joins(100, 'é'.repeat(500)));

    expect(texts.length).toBeGreaterThan(3);
    expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(FRAME_BYTES);
    const users = texts.flatMap((text) => [...text.matchAll(/"user":"(\w+)"/g)].map(([, user]) => user));
    expect(users).toEqual(joins(100).map(({ member }) => member.user));
  });
});
