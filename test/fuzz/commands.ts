/** Commands of every action, as text, with their fields right and wrong. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { HISTORY_LIMIT_MAX, MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import fc from 'fast-check';
import { goodChannel, oddChannel } from './channel-names.ts';
import { HEAD } from './head.ts';
import { field, object, text } from './json-objects.ts';
import { anyText, around, CONFIDENTIAL, prototypeKey } from './json-text.ts';

/** Somewhere in the log that the tables know of, or just outside. */
const position = around(HEAD, 120).map(text);

const after = fc.oneof(
  { weight: 3, arbitrary: position },
  { weight: 1, arbitrary: fc.constant(text('marked')) },
);

const channel = fc
  .oneof({ weight: 1, arbitrary: goodChannel }, { weight: 7, arbitrary: oddChannel })
  .map(text);

const id = fc
  .constantFrom(1, 0, -1.5, 'a', '', 'x'.repeat(128), '💥'.repeat(64), '\u0000'.repeat(128), 'x'.repeat(129))
  .map(text);

const data = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('1', `{"text":"${CONFIDENTIAL}"}`, 'null') },
  { weight: 1, arbitrary: anyText },
);

const key = fc.constantFrom('k1', 'k2', '', '\ud800', 'x'.repeat(128), 'x'.repeat(129)).map(text);

const messages = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
      { weight: 1, arbitrary: around(MESSAGES_PER_PUBLISH, 1) },
    ),
    fc.constantFrom(
      '{"data":1}',
      '{"data":1,"key":"k1"}',
      '{"data":{"__proto__":1}}',
      '{}',
      '1',
      '{"data":[],"seq":1}',
    ),
  )
  .map(([count, one]) => `[${Array(count).fill(one).join()}]`);

const name = fc.constantFrom('n1', '', '\ud800', 'x'.repeat(128), 'x'.repeat(129)).map(text);

const isTrue = fc.constantFrom(true, false, 1).map(text);

const limit = fc.constantFrom(1, 2, 50, HISTORY_LIMIT_MAX, HISTORY_LIMIT_MAX + 1, 0, 1.5).map(text);

const actionNames = Object.keys(actionSchemas);

const oddAction = fc.oneof(
  prototypeKey,
  fc.constantFrom('', 'Publish', 'publish ', 'dance', '$connect', 'x'.repeat(32), 'x'.repeat(33)),
);

/** Every caller may leave any channel, so `unsubscribe` would make most of the successes. It is drawn seldom. */
const action = fc
  .oneof(
    { weight: 40, arbitrary: fc.constantFrom(...actionNames.filter((name) => name !== 'unsubscribe')) },
    { weight: 1, arbitrary: fc.constant('unsubscribe') },
    { weight: 5, arbitrary: oddAction },
  )
  .map(text);

/** Fields that only the server may set, repeated fields, and keys that every object has. */
const extraName = fc.oneof(
  fc.constantFrom('user', 'from', 'seq', 'time', 'event', 'expiresAt', 'action', 'channel', 'id', 'data'),
  prototypeKey,
);

export const command = object(
  [
    field('action', action),
    field('channel', channel, { right: 36, missing: 3 }),
    field('id', id, { right: 20, missing: 19 }),
    field('after', after, { right: 12, missing: 27 }),
    field('before', position, { right: 4, missing: 35 }),
    field('seq', position, { right: 12, missing: 27 }),
    field('limit', limit, { right: 8, missing: 31 }),
    field('data', data, { right: 20, missing: 19 }),
    field('messages', messages, { right: 6, missing: 33 }),
    field('key', key, { right: 8, missing: 31 }),
    field('name', name, { right: 4, missing: 35 }),
    field('ifSeq', position, { right: 4, missing: 35 }),
    field('remove', isTrue, { right: 1, missing: 39 }),
    field('values', isTrue, { right: 1, missing: 39 }),
    field('last', limit, { right: 4, missing: 35 }),
  ],
  extraName,
);

/** The fewest fields of the action, so that no other field causes the refusal. */
export const rightCommand = fc
  .oneof(
    fc
      .tuple(fc.constantFrom('subscribe', 'unsubscribe', 'members', 'history'), goodChannel)
      .map(([name, on]) => ({ action: name, channel: on })),
    fc
      .tuple(goodChannel, position)
      .map(([on, after]) => ({ action: 'subscribe', channel: on, after: Number(after), id: 's' })),
    fc
      .tuple(goodChannel, position)
      .map(([on, before]) => ({ action: 'history', channel: on, before: Number(before) })),
    goodChannel.map((on) => ({ action: 'subscribe', channel: on, after: 'marked' })),
    goodChannel.map((on) => ({ action: 'subscribe', channel: on, last: 20 })),
    fc.tuple(goodChannel, position).map(([on, seq]) => ({ action: 'mark', channel: on, seq: Number(seq) })),
    fc
      .tuple(goodChannel, position)
      .map(([on, seq]) => ({ action: 'edit', channel: on, seq: Number(seq), data: CONFIDENTIAL })),
    goodChannel.map((on) => ({ action: 'publish', channel: on, data: CONFIDENTIAL })),
    goodChannel.map((on) => ({
      action: 'publish',
      channel: on,
      messages: [{ data: 1, key: 'k1' }, { data: 2 }],
    })),
  )
  .map(text);
