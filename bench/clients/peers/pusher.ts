/** pusher-js, the client of Pusher Channels and of servers that speak its protocol. */

import * as v from 'valibot';
import { CHANNEL, type Peer } from '../peer.ts';

interface Pusher {
  subscribe(channel: string): {
    bind(event: string, run: (data: unknown) => void): void;
  };
  disconnect(): void;
}

const exported = v.object({
  default: v.custom<new (key: string, options: object) => Pusher>((it) => typeof it === 'function'),
});

const event = v.pipe(v.string(), v.parseJson(), v.object({ event: v.string() }));

/** Pusher's channels have no colon. */
const PUSHER_CHANNEL = CHANNEL.replace(':', '-');

const told = (name: string, data: unknown, channel?: string) =>
  JSON.stringify({ event: name, data: JSON.stringify(data), channel });

const ANSWERS: ReadonlyMap<string, string> = new Map([
  ['pusher:subscribe', told('pusher_internal:subscription_succeeded', {}, PUSHER_CHANNEL)],
  ['pusher:ping', told('pusher:pong', {})],
]);

export const pusher: Peer = {
  name: 'pusher-js',
  install: { name: 'pusher-js', version: '8.6.0' },
  entry: "export { default } from 'pusher-js'",
  follow(module, { host, port }, { subscribed, received }) {
    const { default: Pusher } = v.parse(exported, module);
    const client = new Pusher('stand-in', {
      cluster: 'mt1',
      wsHost: host,
      wsPort: port,
      forceTLS: false,
      enabledTransports: ['ws'],
    });
    const channel = client.subscribe(PUSHER_CHANNEL);
    channel.bind('pusher:subscription_succeeded', subscribed);
    channel.bind('message', (data) => received(Number(data)));
    return () => client.disconnect();
  },
  conversation: {
    greeting: [told('pusher:connection_established', { socket_id: '1.1', activity_timeout: 120 })],
    answer(frame) {
      const answer = ANSWERS.get(v.parse(event, frame).event);
      return answer === undefined ? [] : [answer];
    },
    publication: (number) => told('message', number, PUSHER_CHANNEL),
  },
};
