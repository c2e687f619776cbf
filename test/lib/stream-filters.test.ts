import { describe, expect, it } from 'vitest';
import config from '../../fanfare.config.ts';
import {
  type FilterPattern,
  functionNames,
  manifest,
  type Trigger,
} from '../../lambdas/manifest/manifest.ts';
import { checkedFilters, namespacesOf, streamFilters } from '../../lib/functions/stream-filters.ts';
import { SettingError } from '../../lib/settings/setting-error.ts';

const readers = functionNames.flatMap((name) => {
  const { trigger }: { readonly trigger: Trigger } = manifest[name];
  return trigger.kind === 'stream' ? [{ name, changes: trigger.changes }] : [];
});

describe('filters of a reader', () => {
  it.each(readers)('of $name are taken by Lambda, on a laptop and deployed', ({ name, changes }) => {
    for (const stage of ['local', 'prod'])
      expect(
        streamFilters(name, changes, namespacesOf({ declare: config }, stage), ['packed', '@all']).length,
      ).toBeGreaterThan(0);
  });

  it('name the namespaces of the stage, and never @all nor one that is grouped', () => {
    const seen: (readonly string[])[] = [];
    const changes = (namespaces: readonly string[]) => {
      seen.push(namespaces);
      return [{ eventName: ['INSERT'] }];
    };
    streamFilters('any', changes, namespacesOf({ declare: config }, 'local'), []);
    streamFilters('any', changes, namespacesOf({ declare: config }, 'prod'), []);

    expect(seen).toEqual([
      ['public', 'chat', 'live', 'open', 'packed', '@user'],
      ['public', 'chat', 'live', '@user'],
    ]);
  });

  it('of packed channels name the packed namespaces, and `@all` as a whole', () => {
    const pack = readers.find(({ name }) => name === 'pack');

    expect(pack?.changes(['chat', 'prices'], ['prices', '@all'])).toEqual([
      {
        eventName: ['INSERT'],
        dynamodb: { Keys: { channel: { S: [{ prefix: 'prices:' }, '@all'] } } },
      },
    ]);
  });

  it('may be five, and no more', () => {
    const filters = (count: number): FilterPattern[] =>
      Array.from({ length: count }, () => ({ eventName: ['INSERT'] }));

    expect(checkedFilters('presence', filters(5))).toHaveLength(5);
    expect(() => checkedFilters('presence', filters(6))).toThrow(
      'The reader presence has 6 filters; Lambda takes 5.',
    );
  });

  it('may have 4,096 characters each, and the sentence about a longer one says how to shorten it', () => {
    const filter = (length: number): FilterPattern => ({ a: ['x'.repeat(length - '{"a":[""]}'.length)] });

    expect(checkedFilters('channel-events', [filter(4_096)])).toHaveLength(1);
    expect(() => checkedFilters('channel-events', [filter(10), filter(4_097)])).toThrow(
      'A filter of the reader channel-events has 4097 characters; Lambda takes 4096. Fewer or shorter names of namespaces in fanfare.config.ts make it shorter.',
    );
  });

  it('of more namespaces than fit cause a sentence about the setting, without a stack trace', () => {
    const long = [{ a: ['x'.repeat(5_000)] }];

    expect(() => checkedFilters('channel-events', long)).toThrow(SettingError);
  });

  it('of more namespaces than fit are an error before anything is deployed', () => {
    const channelEvents = readers.find(({ name }) => name === 'channel-events');
    const many = Array.from({ length: 200 }, (_, index) => `namespace-${index}`);

    expect(() => checkedFilters('channel-events', channelEvents?.changes(many, []) ?? [])).toThrow(
      /^A filter of the reader channel-events has \d+ characters/,
    );
  });
});

/** Compiled, and never run: each line that is expected not to compile fails the type check if it does. */
const uncompiled: readonly FilterPattern[] = [
  // @ts-expect-error -- EventBridge only
  { a: [{ 'anything-but': { prefix: '@all#' } }] },
  // @ts-expect-error -- a list, as Lambda documents it
  { a: [{ 'anything-but': 'x' }] },
  // @ts-expect-error -- EventBridge only
  { a: [{ wildcard: '*' }] },
  // @ts-expect-error -- EventBridge only
  { a: [{ cidr: '10.0.0.0/8' }] },
  // @ts-expect-error -- EventBridge only
  { a: [{ prefix: { 'equals-ignore-case': 'x' } }] },
  // @ts-expect-error -- a mapping has several filters in place of it
  { dynamodb: { $or: [{ NewImage: { a: ['x'] } }, { OldImage: { a: ['x'] } }] } },
  { a: [{ 'anything-but': ['x', 1] }, { exists: false }, { numeric: ['>', 0, '<=', 5] }, null, ''] },
];

it('operators that Lambda does not document do not compile', () => {
  expect(uncompiled).toHaveLength(7);
});
