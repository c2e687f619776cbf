/** Names of channels: of every namespace there is, and around every rule that names have. */

import { CHANNEL_LENGTH } from 'fanfare-protocol/limits';
import fc from 'fast-check';
import { anyString, around, prototypeKey } from './json-text.ts';

export const goodChannel = fc.constantFrom(
  ...[
    'chat:room',
    'chat:room-2',
    'chat:secret',
    'live:cursors',
    'public:news',
    '@all',
    '@user:ann',
    '@user:bob',
  ],
);

export const oddChannel = fc.oneof(
  fc.constantFrom(
    ...['open:a', 'nope:a', '@user:', '@user:a=7Cb', '@all:x', '@all ', ':', 'chat:', ':a', 'chat', 'chat:ü'],
    ...['chat:a#0', 'chat:a b', 'chat:a\n', 'chat:a*', 'chat:*', '*', 'CHAT:a', 'chat:a:b:c', 'chat://../..'],
  ),
  prototypeKey.map((key) => `${key}:a`),
  around(CHANNEL_LENGTH, 2).map((length) => 'chat:'.padEnd(length, 'x')),
  anyString(8).map((name) => `chat:${name}`),
);
