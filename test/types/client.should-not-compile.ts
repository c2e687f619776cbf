/** Uses of the client that must not compile: a misspelt option would be ignored in silence. */

import { type Connection, connect } from 'fanfare-client';
import { connect as connectAnyhow } from 'fanfare-client/fallback';
import { openInbox } from 'fanfare-client/inbox';
import { watchMembers } from 'fanfare-client/presence';
import { FanfareProvider, useChannel, useHistory } from 'fanfare-client/react';
import { FanfareServer } from 'fanfare-client/server';

const URL = 'wss://example.com/live';
const fallbackUrl = 'https://example.com/';

declare const connection: Connection;
declare const server: FanfareServer;

export const connections = [
  connect(URL, { token: () => 'token', heartbeat: { idleMs: 1 } }),
  // @ts-expect-error -- a connection has a URL
  connect(),
  // @ts-expect-error -- the option is `token`
  connect(URL, { tokens: 'token' }),
  // @ts-expect-error -- a token is a text, or a function that gets one
  connect(URL, { token: { jwt: 'token' } }),
  // @ts-expect-error -- times have their unit in their name
  connect(URL, { heartbeat: { idle: 1 } }),
  // @ts-expect-error -- `undefined` is no number
  connect(URL, { maxPending: undefined }),
  connectAnyhow(URL, { fallbackUrl }),
  // @ts-expect-error -- a fallback has a URL of its own
  connectAnyhow(URL, {}),
  // @ts-expect-error -- only the client with fallbacks takes their URL
  connect(URL, { fallbackUrl }),
];

const chat = connection.channel('chat:room');

export const uses = [
  chat.subscribe(({ data, from }) => [data, from], { after: 7 }),
  // @ts-expect-error -- a message has no `text`: what was published is its `data`
  chat.subscribe(({ text }) => text),
  // @ts-expect-error -- a position is a number
  chat.subscribe(() => {}, { after: '7' }),
  chat.publish('hello', { key: 'k' }),
  // @ts-expect-error -- there is no option `retry`: a publish is repeated by its key
  chat.publish('hello', { retry: true }),
  watchMembers(connection, 'chat:room', ([first]) => first?.user),
  // @ts-expect-error -- members are a list
  watchMembers(connection, 'chat:room', (members) => members.ann),
  openInbox(connection, 'ann', ({ seq }) => seq),
  // @ts-expect-error -- an inbox belongs to a user
  openInbox(connection, ({ seq }) => seq),
];

export function useAll() {
  return [
    FanfareProvider({ connect: () => connection }),
    // @ts-expect-error -- a provider has a function, so that nothing connects on a server
    FanfareProvider({ connect: connection }),
    useChannel('chat:room', { last: 50, keep: 0 }).messages,
    // @ts-expect-error -- the option is `last`
    useChannel('chat:room', { limit: 50 }),
    // @ts-expect-error -- what a message carries has to be looked at first
    useChannel('chat:room').messages.map(({ data }) => data.text),
    // @ts-expect-error -- a history is that of a channel
    useHistory({ limit: 50 }),
  ];
}

export const calls = [
  server.call('publish', { channels: ['public:news'], data: 1 }),
  // @ts-expect-error -- there is no such operation
  server.call('send', { channels: ['public:news'], data: 1 }),
  // @ts-expect-error -- channels are a list
  server.call('publish', { channels: 'public:news', data: 1 }),
  // @ts-expect-error -- a history is that of a channel
  server.call('history', {}),
  new FanfareServer(URL, { token: 'token' }),
  // @ts-expect-error -- a server shows who it is
  new FanfareServer(URL, {}),
];
