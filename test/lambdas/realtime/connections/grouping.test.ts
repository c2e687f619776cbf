import { parseChannel } from 'fanfare-protocol/channel';
import { CHANNELS_PER_GROUP } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { GROUPS, groupIn, groupOf, isGroup } from '../../../../lambdas/realtime/connections/grouping.ts';
import { openConfig } from '../../../memory/open-config.ts';

const GROUPED = { subscriptions: 'grouped' } as const;
const groupsOf = (channels: readonly string[]) => channels.map((channel) => groupOf(GROUPED, channel) ?? '');

describe('the group of a channel', () => {
  it('is the same in every version, because stored rows are looked for by it', () => {
    expect(groupsOf(['prices:AAPL', 'prices:MSFT', 'tiles:12/2048/1361'])).toEqual([
      'prices:*6',
      'prices:*2',
      'tiles:*15',
    ]);
  });

  it('is one of 16 of its namespace, and can be the name of no channel', () => {
    const groups = new Set(groupsOf(Array.from({ length: 2_000 }, (_, n) => `prices:${n}`)));

    expect(groups.size).toBe(GROUPS);
    for (const group of groups) {
      expect(isGroup(group)).toBe(true);
      expect(group.startsWith('prices:')).toBe(true);
      expect(parseChannel(group)).toBeUndefined();
    }
  });

  it('does not exist in a namespace that is not grouped, nor for a name that is not one of a channel', () => {
    expect(groupIn(openConfig, 'open:a')).toBeUndefined();
    expect(groupIn(openConfig, 'unknown:a')).toBeUndefined();
    expect(groupIn(openConfig, 'no channel')).toBeUndefined();
    expect(groupIn(openConfig, 'ticker:a')).toMatch(/^ticker:\*\d+$/);
  });

  it.each<[string, (n: number) => string]>([
    ['numbers', (n) => `p:${n}`],
    ['even numbers', (n) => `p:${2 * n}`],
    ['tiles of a map', (n) => `p:9/${Math.floor(n / 32)}/${n % 32}`],
    ['pairs of currencies', (n) => `p:${Math.floor(n / 32)}-${(n % 32).toString(36)}USD`],
    ['names with a long part in common', (n) => `p:${'x'.repeat(30)}${n}`],
  ])('is even enough for a thousand %s', (_what, nameOf) => {
    const sizes = new Map<string, number>();
    for (const group of groupsOf(Array.from({ length: 1_000 }, (_, n) => nameOf(n))))
      sizes.set(group, (sizes.get(group) ?? 0) + 1);

    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(CHANNELS_PER_GROUP);
  });
});
