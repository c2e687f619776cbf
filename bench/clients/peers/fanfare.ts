/** Fanfare's own client, from the sources of this repository. */

import { connect } from 'fanfare-client';
import * as v from 'valibot';
import { CHANNEL, type Peer, webSocketUrl } from '../peer.ts';

const command = v.object({ id: v.optional(v.number()), action: v.string(), channel: v.optional(v.string()) });
const frames = v.pipe(v.string(), v.parseJson(), v.union([v.array(command), command]));

const EVENTS: ReadonlyMap<string, string> = new Map([
  ['subscribe', 'subscribed'],
  ['unsubscribe', 'unsubscribed'],
  ['ping', 'pong'],
]);

const replyTo = ({ id, action, channel }: v.InferOutput<typeof command>) => ({
  id,
  event: EVENTS.get(action) ?? 'error',
  channel,
});

export const fanfare: Peer = {
  name: 'fanfare-client',
  entry: "export { connect } from 'fanfare-client'",
  follow(_module, address, { subscribed, received }) {
    const connection = connect(webSocketUrl(address));
    const subscription = connection.channel(CHANNEL).subscribe(({ data }) => received(Number(data)));
    void subscription.ready.then(() => {
      subscribed();
      // The client reports no later subscription: it subscribes in the first frame of each connection.
      connection.on('state', (state) => state === 'connected' && subscribed());
    });
    return () => connection.close();
  },
  conversation: {
    greeting: [],
    answer(frame) {
      const told = v.parse(frames, frame);
      return [JSON.stringify(Array.isArray(told) ? told.map(replyTo) : replyTo(told))];
    },
    publication: (number) =>
      JSON.stringify({ event: 'messages', channel: CHANNEL, messages: [{ data: number, time: 0 }] }),
  },
};
