import { describe, expect, it } from 'vitest';
import { finders } from '../../../bin/erasure/find.ts';
import { subjectOf } from '../../../bin/erasure/subject.ts';
import type { Item } from '../../../lambdas/aws/record-item.ts';
import type { TableName } from '../../../lambdas/manifest/manifest.ts';

const NOW = 1_800_000_000;
const SESSION = 'http=a-session-of-ann-12345678';
const ann = subjectOf('ann', ['socket-of-ann', SESSION], NOW);

const text = (value: string) => ({ S: value });
const number = (value: number) => ({ N: String(value) });
const found = (table: TableName, item: Item) => finders[table](item, ann)?.kind;

const gone = { state: text('gone'), version: number(5), announced: number(5), reported: number(5) };

const framed = (frame: unknown, expiresAt = NOW + 60): Item => ({
  connectionId: text('socket-of-bob'),
  frame: { B: Buffer.from(JSON.stringify(frame)) },
  expiresAt: number(expiresAt),
});
const messages = {
  event: 'messages',
  channel: 'chat:a',
  messages: [{ seq: 1, data: 'hi', from: 'ann', time: 1 }],
};
const joined = { event: 'joined', channel: 'chat:a', member: { user: 'ann', at: 1 } };
const diff = [{ event: 'left', channel: 'chat:a', members: [{ user: 'bob' }, { user: 'ann' }] }];

const theirs: readonly (readonly [TableName, Item, 'delete' | 'rewrite' | 'keep'])[] = [
  ['revocations', { user: text('ann') }, 'keep'],
  ['messages', { channel: text('chat:a'), from: text('ann'), data: text('"hi"') }, 'rewrite'],
  ['messages', { channel: text('@user:ann'), data: text('"from a server"') }, 'delete'],
  ['values', { channel: text('open:a'), from: text('ann') }, 'delete'],
  ['values', { channel: text('@user:ann') }, 'delete'],
  ['readPositions', { user: text('ann'), channel: text('chat:a') }, 'delete'],
  ['publishKeys', { publishKey: text('@user:ann#a-hash') }, 'delete'],
  ['deliveryClaims', { piece: text('late/@user:ann') }, 'delete'],
  ['mailboxes', { connectionId: text(SESSION) }, 'delete'],
  ['mailboxes', framed(messages), 'rewrite'],
  ['mailboxes', framed(messages, NOW), 'delete'],
  ['mailboxes', framed(joined), 'keep'],
  ['mailboxes', framed(diff), 'keep'],
  ['mailboxes', framed(diff, NOW), 'delete'],
  ['httpSessions', { sessionKey: text('a-session-of-ann') }, 'delete'],
  ['charges', { connectionId: text('socket-of-ann') }, 'delete'],
  ['presence', { channel: text('chat:a'), user: text('ann'), ...gone }, 'delete'],
  ['presence', { channel: text('chat:a'), user: text('ann'), ...gone, state: text('leaving') }, 'keep'],
  ['presence', { channel: text('chat:a'), user: text('ann'), ...gone, announced: number(4) }, 'keep'],
  ['presence', { channel: text('chat:a'), user: text('ann'), ...gone, reported: number(4) }, 'keep'],
  ['presence', { channel: text('#window:@user:ann'), user: text('-') }, 'delete'],
  [
    'occupancy',
    { channel: text('@user:ann'), occupied: { BOOL: false }, version: number(2), told: number(2) },
    'delete',
  ],
  [
    'occupancy',
    { channel: text('@user:ann'), occupied: { BOOL: false }, version: number(2), told: number(1) },
    'keep',
  ],
  [
    'occupancy',
    { channel: text('@user:ann'), occupied: { BOOL: true }, version: number(1), told: number(1) },
    'keep',
  ],
  ['channels', { channel: text('@user:ann') }, 'delete'],
  ['subscriptions', { channelShard: text('chat:a#0'), user: text('ann') }, 'delete'],
  ['subscriptions', { channelShard: text('@user:ann#0') }, 'delete'],
  ['subscriptions', { channelShard: text('chat:a#3'), connectionId: text('socket-of-ann') }, 'delete'],
  ['connections', { connectionId: text('another'), user: text('ann') }, 'delete'],
  ['connections', { connectionId: text('owed'), channels: { M: { '@user:ann': number(0) } } }, 'delete'],
];

const others: readonly (readonly [TableName, Item])[] = [
  ['revocations', { user: text('anna') }],
  ['messages', { channel: text('chat:a'), from: text('anna'), data: text('"ann"') }],
  ['messages', { channel: text('@user:anna'), data: text('"hi"') }],
  ['messages', { channel: text('chat:a'), void: { BOOL: true } }],
  ['values', { channel: text('open:a'), name: text('ann'), from: text('bob') }],
  ['readPositions', { user: text('bob'), channel: text('chat:a') }],
  ['publishKeys', { publishKey: text('chat:a#a-hash') }],
  ['publishKeys', { publishKey: text('@user:anna#a-hash') }],
  ['deliveryClaims', { piece: text('late/@user:anna') }],
  ['mailboxes', { connectionId: text('socket-of-bob'), closed: { BOOL: true } }],
  ['mailboxes', framed({ event: 'messages', messages: [{ data: { from: 'ann' }, from: 'bob' }] })],
  ['mailboxes', framed({ event: 'joined', member: { user: 'bob', info: { user: 'ann' } } })],
  ['httpSessions', { sessionKey: text('@place:1') }],
  ['charges', { connectionId: text('socket-of-bob') }],
  ['presence', { channel: text('chat:a'), user: text('bob') }],
  ['presence', { channel: text('#shift'), user: text('-') }],
  ['occupancy', { channel: text('chat:a') }],
  ['channels', { channel: text('chat:ann') }],
  ['subscriptions', { channelShard: text('@user:anna#0'), user: text('anna'), connectionId: text('x') }],
  ['connections', { connectionId: text('x'), user: text('bob'), channels: { M: { 'chat:ann': number(0) } } }],
];

describe('the finder of', () => {
  it.each(theirs)('%s finds what is of the user: %j', (table, item, kind) => {
    expect(found(table, item)).toBe(kind);
  });

  it.each(others)('%s passes over what is of others: %j', (table, item) => {
    expect(found(table, item)).toBeUndefined();
  });
});

describe('an emptied message', () => {
  const rewritingOf = (item: Item) => {
    const finding = finders.messages({ channel: text('chat:a'), from: text('ann'), ...item }, ann);
    return finding?.kind === 'rewrite' ? finding.rewriting : undefined;
  };

  it('keeps a line for each number of a batch, and loses author and names', () => {
    expect(rewritingOf({ seq: number(7), data: text('1\n2\n3') })).toEqual({
      UpdateExpression: 'SET #data = :empty, #edits = :edits REMOVE #from, #names',
      ConditionExpression: '#from = :user',
      ExpressionAttributeNames: { '#from': 'from', '#data': 'data', '#edits': 'edits', '#names': 'names' },
      ExpressionAttributeValues: {
        ':user': text('ann'),
        ':empty': text('null\nnull\nnull'),
        ':edits': text('[{"removed":7},{"removed":8},{"removed":9}]'),
      },
    });
  });

  it('keeps the numbers of its edits', () => {
    const rewriting = rewritingOf({
      seq: number(7),
      data: text('1\n2\nnull'),
      edits: text('[0,20,{"removed":21}]'),
    });

    expect(rewriting?.ExpressionAttributeValues?.[':edits']).toEqual(
      text('[{"removed":7},{"removed":20},{"removed":21}]'),
    );
  });

  it('is an edit without content, if it was an edit', () => {
    expect(rewritingOf({ seq: number(20), replaces: number(8) })).toEqual({
      UpdateExpression: 'SET #removed = :true REMOVE #from',
      ConditionExpression: '#from = :user',
      ExpressionAttributeNames: { '#from': 'from', '#removed': 'removed' },
      ExpressionAttributeValues: { ':user': text('ann'), ':true': { BOOL: true } },
    });
  });
});

describe('a frame in the mailbox of another user', () => {
  it('keeps the messages of others, and the numbers of all', () => {
    const mixed = {
      ...messages,
      messages: [
        ...messages.messages,
        { seq: 2, data: 'stays', from: 'bob', time: 2 },
        { seq: 3, void: true },
      ],
    };
    const finding = finders.mailboxes(framed(mixed), ann);
    const bytes =
      finding?.kind === 'rewrite' ? finding.rewriting.ExpressionAttributeValues?.[':frame']?.B : undefined;

    expect(JSON.parse(Buffer.from(bytes ?? []).toString('utf8'))).toEqual({
      ...mixed,
      messages: [{ seq: 1, data: null, time: 1 }, ...mixed.messages.slice(1)],
    });
  });
});
