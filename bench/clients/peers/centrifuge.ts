/** centrifuge-js, the client of Centrifugo. */

import * as v from 'valibot';
import { CHANNEL, type Peer, webSocketUrl } from '../peer.ts';

interface Centrifuge {
  newSubscription(channel: string): {
    on(event: 'subscribed', run: () => void): void;
    on(event: 'publication', run: (publication: { readonly data: unknown }) => void): void;
    subscribe(): void;
  };
  connect(): void;
  disconnect(): void;
}

const exported = v.object({
  Centrifuge: v.custom<new (url: string) => Centrifuge>((it) => typeof it === 'function'),
});

const command = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    id: v.optional(v.number()),
    connect: v.optional(v.unknown()),
    subscribe: v.optional(v.unknown()),
  }),
);

export const centrifuge: Peer = {
  name: 'centrifuge',
  install: { name: 'centrifuge', version: '5.8.0' },
  entry: "export { Centrifuge } from 'centrifuge'",
  follow(module, address, { subscribed, received }) {
    const { Centrifuge } = v.parse(exported, module);
    const client = new Centrifuge(webSocketUrl(address));
    const subscription = client.newSubscription(CHANNEL);
    subscription.on('subscribed', subscribed);
    subscription.on('publication', ({ data }) => received(Number(data)));
    subscription.subscribe();
    client.connect();
    return () => client.disconnect();
  },
  conversation: {
    greeting: [],
    /** A frame has a command per line. An empty one is a pong. */
    answer: (frame) =>
      frame.split('\n').flatMap((line) => {
        const { id, connect, subscribe } = v.parse(command, line);
        if (connect) return [JSON.stringify({ id, connect: { client: 'stand-in', version: '1' } })];
        return subscribe ? [JSON.stringify({ id, subscribe: {} })] : [];
      }),
    publication: (number) => JSON.stringify({ push: { channel: CHANNEL, pub: { data: number } } }),
  },
};
