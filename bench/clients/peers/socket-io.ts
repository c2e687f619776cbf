/** socket.io-client, without long polling: the bundle for browsers has no XMLHttpRequest under Node.js. */

import * as v from 'valibot';
import type { Peer } from '../peer.ts';

interface Socket {
  on(event: 'connect', run: () => void): void;
  on(event: 'message', run: (number: number) => void): void;
  close(): void;
}

const exported = v.object({
  io: v.custom<(url: string, options: object) => Socket>((it) => typeof it === 'function'),
});

const OPEN = {
  sid: 'stand-in',
  upgrades: [],
  pingInterval: 25_000,
  pingTimeout: 20_000,
  maxPayload: 1_000_000,
};

export const socketIo: Peer = {
  name: 'socket.io-client',
  install: { name: 'socket.io-client', version: '4.8.4' },
  entry: "export { io } from 'socket.io-client'",
  follow(module, { host, port }, { subscribed, received }) {
    const { io } = v.parse(exported, module);
    const socket = io(`http://${host}:${port}`, { transports: ['websocket'], forceNew: true });
    socket.on('connect', subscribed);
    socket.on('message', received);
    return () => socket.close();
  },
  /** Frames of Engine.IO, which contain packets of Socket.IO: `0` opens, `40` connects to a namespace, `42` is an event. */
  conversation: {
    greeting: [`0${JSON.stringify(OPEN)}`],
    answer: (frame) => (frame.startsWith('40') ? ['40{"sid":"stand-in"}'] : []),
    heartbeat: { everyMs: OPEN.pingInterval, frame: '2' },
    publication: (number) => `42${JSON.stringify(['message', number])}`,
  },
};
