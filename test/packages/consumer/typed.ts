/** Code that TypeScript has to accept of every door of `fanfare-client`, and code that it has to refuse. */

import { connect, type FailureCode, FanfareError, type Message } from 'fanfare-client';
import { actionsOf, connect as connectActing, request } from 'fanfare-client/actions';
import { type BytesEnvelope, bytesOf, enveloped } from 'fanfare-client/bytes';
import { connect as connectWithFallback, type Transport } from 'fanfare-client/fallback';
import { type Inbox, openInbox } from 'fanfare-client/inbox';
import { type MemberWatch, watchMembers } from 'fanfare-client/presence';
import { FanfareProvider, useChannel, useConnection } from 'fanfare-client/react';
import { FanfareServer, publishEvent, signToken, type WebhookEvent } from 'fanfare-client/server';
import { type Value, type ValueWatch, valuesOf } from 'fanfare-client/values';

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

const places = valuesOf(connection.channel<{ x: number }>('game:arena'));
export const placed: ValueWatch<{ x: number }> = places.watch(({ name, data, removed }) =>
  removed ? name : data.x,
);
export const place: Value<{ x: number }> | undefined = placed.values.get('ann');
export const moved: Promise<number | undefined> = places
  .update('ann', (before) => ({ x: (before?.x ?? 0) + 1 }))
  .then((done) => done?.data.x);

export const envelope: BytesEnvelope = enveloped(new Uint8Array(2));
export const bytes: Uint8Array = bytesOf(envelope);

export const provided = FanfareProvider({ connect: () => connect('wss://example.com/live') });
export function useLast(): string | undefined {
  const { state } = useConnection();
  const { messages, publish } = useChannel('chat:room', { last: 50, onMessage: ({ seq }) => seq?.toFixed() });
  publish({ state }).catch(() => {});
  return messages.at(-1)?.key;
}

export const result: Promise<unknown> = request(connection, 'vote', { option: 'tea' }, { key: 'vote-17' });
declare const config: (stage: { local: boolean }) => {
  actions: { vote: { types?: { input: { option: string }; result: number; idempotent: false } } };
};
export const votes: Promise<number> = actionsOf<typeof config>(connection).request('vote', { option: 'tea' });
export const acting: Promise<number> = connectActing<typeof config>('wss://example.com/live').request(
  'vote',
  {
    option: 'tea',
  },
);

const server = new FanfareServer('https://example.com', { token: 'a token' });
const { messages, more } = await server.call('history', { channel: 'chat:room', limit: 10 });
export const isDone: boolean = !more && messages.every((message) => 'data' in message);

export const token: Promise<string> = signToken({ user: 'ann' }, { stage: 'prod', secret: 'a secret' });
export const detail: string = publishEvent('prod', { everyone: true, data: 1 }).Detail;
export const typeOf = ({ type }: WebhookEvent): string => type;

// @ts-expect-error A provider makes its connection.
FanfareProvider({ url: 'wss://example.com/live' });
// @ts-expect-error A URL is text.
connect(5);
// @ts-expect-error There is no such option.
connect('wss://example.com/live', { tokens: 'a token' });
// @ts-expect-error There is no such operation.
void server.call('sing', {});
// @ts-expect-error The action takes text.
void actionsOf<typeof config>(connection).request('vote', { option: 7 });
// @ts-expect-error A limit is a number.
void server.call('history', { channel: 'chat:room', limit: '10' });
// @ts-expect-error What a message carries has to be looked at first.
connection.channel('chat:room').subscribe(({ data }) => data.text);
