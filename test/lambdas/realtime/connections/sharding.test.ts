import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  grownTo,
  isSampled,
  narrowedTo,
  SHARD_TARGET,
  shardFor,
} from '../../../../lambdas/realtime/connections/sharding.ts';

/** As the gateway makes them. */
const ids = Array.from({ length: 20_000 }, () => `${randomBytes(11).toString('base64')}`);

describe('sharding', () => {
  it('puts a connection into the same shard each time', () => {
    expect(ids.map((id) => shardFor(id, 8))).toEqual(ids.map((id) => shardFor(id, 8)));
  });

  it('knows one shard of a channel that has one', () => {
    expect(new Set(ids.map((id) => shardFor(id, 1)))).toEqual(new Set([0]));
  });

  it.each([2, 16, 64])('spreads connections evenly over %i shards', (shardCount) => {
    const sizes = Array.from({ length: shardCount }, () => 0);
    for (const id of ids) sizes[shardFor(id, shardCount)] = (sizes[shardFor(id, shardCount)] ?? 0) + 1;

    const even = ids.length / shardCount;
    expect(Math.min(...sizes)).toBeGreaterThan(even * 0.7);
    expect(Math.max(...sizes)).toBeLessThan(even * 1.3);
  });

  it('samples one connection in 64, in every shard', () => {
    const sampled = ids.filter(isSampled);

    expect(sampled.length).toBeGreaterThan(ids.length / 64 / 1.5);
    expect(sampled.length).toBeLessThan((ids.length / 64) * 1.5);
    expect(new Set(sampled.map((id) => shardFor(id, 4))).size).toBe(4);
  });

  it.each([
    [1, 0, 1],
    [1, SHARD_TARGET, 1],
    [1, SHARD_TARGET + 1, 2],
    [1, 5 * SHARD_TARGET, 8],
    [4, SHARD_TARGET + 1, 8],
    [1_024, 9 * SHARD_TARGET, 1_024],
  ])('wants, of %i shards of which one got %i rows, %i', (shardCount, count, wanted) => {
    expect(grownTo(shardCount, count)).toBe(wanted);
  });

  it.each([
    [1, 0, 1],
    [8, 0, 1],
    [8, SHARD_TARGET / 2, 1],
    [8, SHARD_TARGET / 2 + 1, 2],
    [8, 4 * SHARD_TARGET, 8],
    [1_024, 6, 1],
    [8, 1_000 * SHARD_TARGET, 8],
  ])('wants, of %i shards with %i rows together, %i', (shardCount, rows, wanted) => {
    expect(narrowedTo(shardCount, rows)).toBe(wanted);
  });

  it('wants no more shards right after a channel has become narrower', () => {
    for (const rows of [0, 499, 501, 1_999, 30_000]) {
      const shards = narrowedTo(1_024, rows);
      expect(grownTo(shards, (1.5 * rows) / shards)).toBe(shards);
    }
  });
});
