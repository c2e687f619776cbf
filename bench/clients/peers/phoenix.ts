/** The client of Phoenix Channels. */

import * as v from 'valibot';
import { CHANNEL, type Peer, webSocketUrl } from '../peer.ts';

interface Socket {
  connect(): void;
  disconnect(): void;
  channel(topic: string): {
    on(event: 'message', run: (payload: { readonly number: number }) => void): void;
    join(): { receive(status: 'ok', run: () => void): void };
  };
}

const exported = v.object({
  Socket: v.custom<new (url: string) => Socket>((it) => typeof it === 'function'),
});

/** The serializer of version 2: join reference, reference, topic, event, payload. */
const message = v.pipe(
  v.string(),
  v.parseJson(),
  v.tuple([v.nullable(v.string()), v.nullable(v.string()), v.string(), v.string(), v.unknown()]),
);

export const phoenix: Peer = {
  name: 'phoenix',
  install: { name: 'phoenix', version: '1.8.16' },
  entry: "export { Socket } from 'phoenix'",
  follow(module, address, { subscribed, received }) {
    const { Socket } = v.parse(exported, module);
    const socket = new Socket(webSocketUrl({ ...address, path: '/socket' }));
    socket.connect();
    const channel = socket.channel(CHANNEL);
    channel.on('message', ({ number }) => received(number));
    channel.join().receive('ok', subscribed);
    return () => socket.disconnect();
  },
  conversation: {
    greeting: [],
    answer(frame) {
      const [join, reference, topic] = v.parse(message, frame);
      return [JSON.stringify([join, reference, topic, 'phx_reply', { status: 'ok', response: {} }])];
    },
    publication: (number) => JSON.stringify([null, null, CHANNEL, 'message', { number }]),
  },
};
