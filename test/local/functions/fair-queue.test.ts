import { describe, expect, it } from 'vitest';
import { FairQueue, partyOf } from '../../../packages/local/src/functions/fair-queue.ts';

const anyone = () => Number.POSITIVE_INFINITY;

describe('the queue for environments', () => {
  it('serves a newcomer after one event of another party, also if that party has many', () => {
    const queue = new FairQueue<string>();
    for (let n = 0; n < 1_000; n++) queue.put('flood', `flood ${n}`);
    queue.take(anyone);
    queue.put('neighbour', 'neighbour');

    expect([queue.take(anyone), queue.take(anyone), queue.take(anyone)]).toEqual([
      'flood 1',
      'neighbour',
      'flood 2',
    ]);
  });

  it('keeps the order of each party, and loses no event', () => {
    const queue = new FairQueue<string>();
    for (let n = 0; n < 5; n++) for (const party of ['a', 'b', 'c']) queue.put(party, `${party}${n}`);

    const taken = Array.from({ length: 15 }, () => queue.take(anyone) ?? '');

    for (const party of ['a', 'b', 'c'])
      expect(taken.filter((item) => item.startsWith(party))).toEqual([0, 1, 2, 3, 4].map((n) => party + n));
    expect(queue.take(anyone)).toBeUndefined();
  });

  it('passes over a party without room, which keeps its turn', () => {
    const queue = new FairQueue<string>();
    for (const party of ['a', 'b', 'c']) queue.put(party, party);

    expect(queue.take((party) => (party === 'a' ? 0 : 1))).toBe('b');
    expect(queue.take(() => 0)).toBeUndefined();
    expect([queue.take(anyone), queue.take(anyone)]).toEqual(['a', 'c']);
  });

  it('counts how many events may be taken, by the room of each party', () => {
    const queue = new FairQueue<number>();
    for (const party of ['a', 'a', 'a', 'b', 'c']) queue.put(party, 1);
    const room: Record<string, number> = { a: 2, b: 5, c: 0 };

    const takeable = (most: number) => queue.takeable((party) => room[party] ?? 0, most);

    expect([takeable(2), takeable(3), takeable(100)]).toEqual([2, 3, 3]);
  });

  it('returns all events at once when it is drained', () => {
    const queue = new FairQueue<number>();
    queue.put('a', 1);
    queue.put('b', 2);
    queue.put('a', 3);

    expect(queue.drain().toSorted()).toEqual([1, 2, 3]);
    expect(queue.take(anyone)).toBeUndefined();
  });
});

describe('the party of an event', () => {
  it('is its connection', () => {
    expect(partyOf({ requestContext: { connectionId: 'L0SM9cOFvHcCIhw=' } })).toBe('L0SM9cOFvHcCIhw=');
  });

  it.each([undefined, null, 'text', {}, { requestContext: { connectionId: 7 } }])(
    'is the same for all events without a connection: %j',
    (event) => {
      expect(partyOf(event)).toBe('');
    },
  );
});
