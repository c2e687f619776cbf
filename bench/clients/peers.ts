/** The clients that are compared. */

import type { Peer } from './peer.ts';
import { ably } from './peers/ably.ts';
import { centrifuge } from './peers/centrifuge.ts';
import { fanfare } from './peers/fanfare.ts';
import { partysocket } from './peers/partysocket.ts';
import { phoenix } from './peers/phoenix.ts';
import { pusher } from './peers/pusher.ts';
import { signalr } from './peers/signalr.ts';
import { socketIo } from './peers/socket-io.ts';

export const PEERS: readonly Peer[] = [
  fanfare,
  centrifuge,
  ably,
  pusher,
  socketIo,
  signalr,
  phoenix,
  partysocket,
];

export function peerNamed(name: string): Peer {
  const peer = PEERS.find((one) => one.name === name);
  if (!peer) throw new Error(`No client has the name ${name}`);
  return peer;
}
