import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laneOf } from '../../../packages/local/src/streams/shard.ts';

const key = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
const names = ['pk', 'sk'];
const shardOf = (lane: string) => lane.split('/')[0];

describe('the lane of a record', () => {
  it('is the same for the same item, and its shard for the same partition', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (pk, one, other) => {
        const division = { shards: 4, lanes: 3 };
        const lane = laneOf(key(pk, one), names, division);
        expect(laneOf(key(pk, one), names, division)).toBe(lane);
        expect(shardOf(laneOf(key(pk, other), names, division))).toBe(shardOf(lane));
      }),
    );
  });

  it('is one of the lanes, and each lane has items', () => {
    const division = { shards: 2, lanes: 2 };
    const lanes = Array.from({ length: 200 }, (_, n) => laneOf(key(`p${n}`, `s${n}`), names, division));

    expect([...new Set(lanes)].sort()).toEqual(['0/0', '0/1', '1/0', '1/1']);
  });

  it('is the only one if there is one', () => {
    expect(laneOf(key('a', 'b'), names, { shards: 1, lanes: 1 })).toBe('0/0');
  });
});
