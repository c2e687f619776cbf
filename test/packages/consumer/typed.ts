/** Code that TypeScript has to accept of every door of `fanfare-client`, and code that it has to refuse. */

import { connect, type FailureCode, FanfareError, type Message } from 'fanfare-client';
import { connect as connectWithFallback, type Transport } from 'fanfare-client/fallback';
import { type Inbox, openInbox } from 'fanfare-client/inbox';
import { type MemberWatch, watchMembers } from 'fanfare-client/presence';
import { FanfareProvider, useChannel, useConnection } from 'fanfare-client/react';
import { FanfareServer } from 'fanfare-client/server';

const connection = connect('wss://example.com/live', { token: async () => 'a token' });
const subscription = connection.channel('chat:room').subscribe((message: Message) => message.seq?.toFixed(), {
  after: 7,
});
export const ready: Promise<void> = subscription.ready.then(() => {});
export const watch: MemberWatch = watchMembers(connection, 'chat:room', (members) =>
  members[0]?.user?.trim(),
);
export const inbox: Inbox = openInbox(connection, 'ann', ({ data }) => data);

export const overHttp = connectWithFallback('wss://example.com/live', {
  fallbackUrl: 'https://example.com',
  onTransport: (transport: Transport) => transport.trim(),
});

export function codeOf(error: unknown): FailureCode | undefined {
  return error instanceof FanfareError ? error.code : undefined;
}

export const provided = FanfareProvider({ connect: () => connect('wss://example.com/live') });
export function useLast(): string | undefined {
  const { state } = useConnection();
  const { messages, publish } = useChannel('chat:room', { last: 50, onMessage: ({ seq }) => seq?.toFixed() });
  publish({ state }).catch(() => {});
  return messages.at(-1)?.key;
}

const server = new FanfareServer('https://example.com', { token: 'a token' });
const { messages, more } = await server.call('history', { channel: 'chat:room', limit: 10 });
export const isDone: boolean = !more && messages.every((message) => 'data' in message);

// @ts-expect-error A provider makes its connection.
FanfareProvider({ url: 'wss://example.com/live' });
// @ts-expect-error A URL is text.
connect(5);
// @ts-expect-error There is no such option.
connect('wss://example.com/live', { tokens: 'a token' });
// @ts-expect-error There is no such operation.
void server.call('sing', {});
// @ts-expect-error A limit is a number.
void server.call('history', { channel: 'chat:room', limit: '10' });
// @ts-expect-error What a message carries has to be looked at first.
connection.channel('chat:room').subscribe(({ data }) => data.text);
