/** An hour of calls, for its cost: their signals, because media needs no server. */

import type { Connection } from 'fanfare-client';
import type { Load } from '../load.ts';

const CALLS = 20;
const CANDIDATES_OF_EACH_END = 6;
/** As long as that of Chromium for a microphone and a camera. */
const SDP = 'a=rtpmap:96 VP8/90000\r\n'.repeat(260);
const CANDIDATE =
  'candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host generation 0 ufrag abcd network-cost 999';

export const load: Load = {
  what: '20 calls of two people, each end of which tells the other its description and 6 candidates',
  async hour({ connect }) {
    for (let count = 0; count < CALLS; count += 1) {
      const name = `chat:call-${count}`;
      const caller = await enter(await connect(`caller-${count}`), name);
      const callee = await enter(await connect(`callee-${count}`), name);
      for (const end of [caller, callee]) await signal(end, name);
    }
  },
};

async function enter(end: Connection, name: string): Promise<Connection> {
  await end.channel(name).subscribe(() => {}).ready;
  await end.channel(name).publish({ is: 'joined', end: 'a-random-id-of-36-characters-as-it-is' });
  return end;
}

async function signal(end: Connection, name: string): Promise<void> {
  const channel = end.channel(name);
  await channel.publish({ is: 'signal', signal: { description: { type: 'offer', sdp: SDP } } });
  for (let sent = 0; sent < CANDIDATES_OF_EACH_END; sent += 1)
    await channel.publish({
      is: 'signal',
      signal: { candidate: { candidate: CANDIDATE, sdpMid: '0', sdpMLineIndex: 0 } },
    });
}
