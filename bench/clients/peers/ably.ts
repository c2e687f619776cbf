/** ably-js, the client of Ably. */

import * as v from 'valibot';
import { CHANNEL, type Peer } from '../peer.ts';

interface Realtime {
  readonly channels: {
    get(name: string): {
      on(event: 'attached', run: () => void): void;
      subscribe(run: (message: { readonly data: unknown }) => void): Promise<unknown>;
    };
  };
  close(): void;
}

const exported = v.object({
  Realtime: v.custom<new (options: object) => Realtime>((it) => typeof it === 'function'),
});

const message = v.pipe(v.string(), v.parseJson(), v.object({ action: v.number() }));

/** Of Ably's protocol. */
const ACTIONS = { heartbeat: 0, connected: 4, attach: 10, attached: 11, message: 15 };

const CONNECTED = {
  action: ACTIONS.connected,
  connectionId: 'stand-in',
  connectionKey: 'stand-in',
  connectionDetails: {
    connectionKey: 'stand-in',
    connectionStateTtl: 120_000,
    maxIdleInterval: 0,
    maxMessageSize: 65_536,
    serverId: 'stand-in',
  },
};

export const ably: Peer = {
  name: 'ably',
  install: { name: 'ably', version: '2.28.0' },
  entry: "import ably from 'ably'; export const Realtime = ably.Realtime",
  follow(module, { host, port }, { subscribed, received }) {
    const { Realtime } = v.parse(exported, module);
    const client = new Realtime({
      token: 'stand-in',
      endpoint: host,
      port,
      tls: false,
      fallbackHosts: [],
      // It would ask hosts of Ably.
      disableConnectivityCheck: true,
      transports: ['web_socket'],
      useBinaryProtocol: false,
      logLevel: 0,
    });
    const channel = client.channels.get(CHANNEL);
    channel.on('attached', subscribed);
    // It rejects when the client is closed first.
    channel.subscribe(({ data }) => received(Number(data))).catch(() => {});
    return () => client.close();
  },
  conversation: {
    greeting: [JSON.stringify(CONNECTED)],
    answer(frame) {
      const { action } = v.parse(message, frame);
      if (action === ACTIONS.heartbeat) return [frame];
      if (action !== ACTIONS.attach) return [];
      return [JSON.stringify({ action: ACTIONS.attached, channel: CHANNEL, channelSerial: '1', flags: 0 })];
    },
    publication: (number) =>
      JSON.stringify({
        action: ACTIONS.message,
        channel: CHANNEL,
        messages: [{ name: 'message', data: number }],
      }),
  },
};
