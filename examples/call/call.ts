/** A call of two: finds the other end over a channel, and begins again with each new end. */

import type { Connection, Message } from 'fanfare-client';
import * as v from 'valibot';
import { negotiate } from './negotiate.ts';
import { messageSchema } from './signals.ts';

interface Listeners {
  readonly onMedia: (media: MediaStream) => void;
  readonly onState: (state: RTCPeerConnectionState, user: string) => void;
}

export function joinCall(connection: Connection, room: string, media: MediaStream, listeners: Listeners) {
  // It keeps a history, so signals come in their order, and a cut of this connection loses none.
  const channel = connection.channel(`chat:call-${room}`);
  const me = crypto.randomUUID();
  let other: ReturnType<typeof meet> | undefined;

  function meet(end: string, user: string) {
    const peer = new RTCPeerConnection();
    peer.ontrack = ({ streams: [stream] }) => stream && listeners.onMedia(stream);
    peer.onconnectionstatechange = () => listeners.onState(peer.connectionState, user);
    const take = negotiate(
      peer,
      me < end,
      (signal) => void channel.publish({ is: 'signal', end: me, to: end, signal }),
    );
    // From now on the browser wants to negotiate.
    for (const track of media.getTracks()) peer.addTrack(track, media);
    return { end, take, close: () => peer.close() };
  }

  async function take({ from = '', data }: Message): Promise<void> {
    const { success, output: message } = v.safeParse(messageSchema, data);
    if (!success || message.end === me) return;
    if (message.is === 'joined') {
      other?.close();
      other = meet(message.end, from);
      return;
    }
    if (message.to !== me) return;
    // The other end was here first, so it has seen this one join.
    other ??= meet(message.end, from);
    if (message.end === other.end) await other.take(message.signal);
  }

  channel.subscribe(take);
  return channel.publish({ is: 'joined', end: me });
}
