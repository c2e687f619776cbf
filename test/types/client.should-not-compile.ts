/** Uses of the client that must not compile: a misspelt option would be ignored in silence. */

import { type Connection, connect } from 'fanfare-client';
import { connect as connectAnyhow } from 'fanfare-client/fallback';
import { historyOf, messagesOf } from 'fanfare-client/history';
import { openInbox } from 'fanfare-client/inbox';
import { membersOf, watchMembers } from 'fanfare-client/presence';
import { FanfareProvider, useChannel, useHistory } from 'fanfare-client/react';
import {
  FanfareServer,
  publishEvent,
  signServerToken,
  signToken,
  verifyWebhook,
} from 'fanfare-client/server';
import { valuesOf } from 'fanfare-client/values';

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
const places = connection.channel<{ x: number }>('game:arena');

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
  valuesOf(places).watch(({ data, removed }) => (removed ? data : data.x)),
  // @ts-expect-error -- a removal has no data
  valuesOf(places).watch(({ data }) => data.x),
  // @ts-expect-error -- a value has the type of its channel
  valuesOf(places).set('ann', 'here'),
  // @ts-expect-error -- times are numbers
  valuesOf(places).set('ann', { x: 1 }, { every: '100' }),
  // @ts-expect-error -- an inbox belongs to a user
  openInbox(connection, ({ seq }) => seq),
];

interface Line {
  readonly text: string;
}

const lines = connection.channel<Line>('chat:lines');

export const typed = [
  lines.publish({ text: 'hello' }),
  // @ts-expect-error -- a channel of lines takes lines
  lines.publish('hello'),
  // @ts-expect-error -- a line has a text, which is required
  lines.publish({}),
  lines.subscribe(({ data }) => data.text.length),
  // @ts-expect-error -- a line has nothing but its text
  lines.subscribe(({ data }) => data.words),
  // @ts-expect-error -- an anonymous sender has no user id
  lines.subscribe(({ from }) => from.length),
  // @ts-expect-error -- a channel without history has no numbers
  lines.subscribe(({ seq }) => seq + 1),
  historyOf(lines).then(({ messages }) => messages.map(({ data }) => data.text)),
  // @ts-expect-error -- a page of history has the messages of its channel
  historyOf(lines).then(({ messages }) => messages.map(({ data }) => data.words)),
  // @ts-expect-error -- an empty page has no next one
  historyOf(lines).then(({ next }) => next + 1),
  // @ts-expect-error -- only the last message of a batch has a number
  lines.publish({ text: 'hello' }).then(({ seq }) => seq + 1),
  membersOf(lines).then(([first]) => first?.user.length),
  // @ts-expect-error -- there may be no member
  membersOf(lines).then(([first]) => first.user),
  // @ts-expect-error -- the info of a token is any JSON, which has to be looked at first
  membersOf(lines).then((all) => all.map(({ info }) => info.name)),
  openInbox<Line>(connection, 'ann', ({ data }) => data.text),
  // @ts-expect-error -- an inbox of lines has lines
  openInbox<Line>(connection, 'ann', ({ data }) => data.words),
];

export async function readLines(): Promise<void> {
  for await (const { data } of messagesOf(lines)) data.text.trim();
  // @ts-expect-error -- a loop has the messages of its channel
  for await (const { data } of messagesOf(lines)) data.words.trim();
}

export const listeners = [
  connection.on('state', (state) => state === 'connected'),
  // @ts-expect-error -- a state is one of three
  connection.on('state', (state) => state === 'open'),
  // @ts-expect-error -- there is no such event
  connection.on('message', () => {}),
  connection.on('reconnecting', ({ delayMs, reason }) => [delayMs + 1, reason.length]),
  // @ts-expect-error -- times have their unit in their name
  connection.on('reconnecting', ({ delay }) => delay),
  // @ts-expect-error -- a rotation carries nothing
  connection.on('rotated', ({ reason }) => reason),
  connection.on('error', (error) => error.message),
  // @ts-expect-error -- an error may be one of the application, which has no code
  connection.on('error', ({ code }) => code),
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
    useChannel<Line>('chat:room').messages.map(({ data }) => data.text),
    // @ts-expect-error -- a row of lines has a line
    useChannel<Line>('chat:room').messages.map(({ data }) => data.words),
    // @ts-expect-error -- a channel of lines takes lines
    useChannel<Line>('chat:room').publish('hello'),
    useHistory<Line>('chat:room').messages.map(({ data }) => data.text),
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

const signer = { stage: 'prod', secret: 'secret' };

export const onServers = [
  signToken({ user: 'ann', channels: { 'chat:*': ['subscribe'] } }, signer),
  // @ts-expect-error -- the field is `channels`: a token without it allows more
  signToken({ user: 'ann', channel: { 'chat:*': ['subscribe'] } }, signer),
  // @ts-expect-error -- there is no right `write`
  signToken({ user: 'ann', channels: { 'chat:*': ['write'] } }, signer),
  // @ts-expect-error -- the secret is that of a stage, which the token names
  signToken({ user: 'ann' }, { secret: 'secret' }),
  // @ts-expect-error -- a server has everything only if its author says so
  signServerToken({ server: 'billing' }, signer),
  // @ts-expect-error -- a stage accepts tokens for servers only from itself
  signServerToken({ server: 'billing', rights: 'everything' }, { issuer: 'a', audience: 'b', key: {} }),
  // @ts-expect-error -- an event names its stage
  publishEvent({ everyone: true, data: 1 }),
  // @ts-expect-error -- it is one or the other
  verifyWebhook({ headers: {}, body: '' }, {}),
  // @ts-expect-error -- a parsed body is not what was signed
  verifyWebhook({ headers: {}, body: { type: 'channel occupied' } }, { secret: 'secret' }),
];
