/** The reconnecting socket of partysocket, the maintained successor of reconnecting-websocket. It has no channels. */

import * as v from 'valibot';
import { type Peer, webSocketUrl } from '../peer.ts';

interface Socket {
  addEventListener(type: 'open', run: () => void): void;
  addEventListener(type: 'message', run: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

const exported = v.object({
  default: v.custom<new (url: string) => Socket>((it) => typeof it === 'function'),
});

export const partysocket: Peer = {
  name: 'partysocket',
  install: { name: 'partysocket', version: '1.3.0' },
  entry: "export { default } from 'partysocket/ws'",
  follow(module, address, { subscribed, received }) {
    const { default: ReconnectingSocket } = v.parse(exported, module);
    const socket = new ReconnectingSocket(webSocketUrl(address));
    socket.addEventListener('open', subscribed);
    socket.addEventListener('message', ({ data }) => received(Number(data)));
    return () => socket.close();
  },
  conversation: { greeting: [], answer: () => [], publication: String },
};
