/** What one rule works with: channels of its own, and sockets that are closed when the rule has been checked. */

import type { Handshake, OpenSocket } from '../smoke/stage.ts';
import { within } from '../smoke/within.ts';
import { Peer } from './peer.ts';

export interface Host {
  readonly open: OpenSocket;
  /** A namespace in which anyone may subscribe and publish, with history. */
  readonly namespace: string;
  /** Of a user who may read and mark their own inbox. */
  readonly token: string | undefined;
  /** How long an answer may take. Milliseconds. */
  readonly patienceMs: number;
  /** Part of every channel's name, so that two runs do not meet. */
  readonly run: string;
}

/** For the close handshake; then the connection is cut. Milliseconds. */
const CLOSE_MS = 2_000;

export class Guest {
  readonly host: Host;
  private readonly name: string;
  private readonly peers: Peer[] = [];
  private channels = 0;

  /** @param name of the rule */
  constructor(host: Host, name: string) {
    this.host = host;
    this.name = name;
  }

  /** A channel that no other rule and no other run uses. */
  newChannel(): string {
    this.channels += 1;
    return `${this.host.namespace}:${this.host.run}-${this.name}-${this.channels}`;
  }

  /** The user's token. Rules for signed-in users are not checked without one. */
  get token(): string {
    const { token } = this.host;
    if (token === undefined) throw new Error('There is no token');
    return token;
  }

  /** @throws Error when the handshake is refused. */
  async connect(handshake: Handshake = {}): Promise<Peer> {
    const peer = new Peer(this.host.patienceMs);
    const entry = await this.host.open(handshake, (text) => peer.receive(text));
    if (entry.kind === 'refused') throw new Error(`The handshake was refused with ${entry.status}.`);
    peer.attach(entry.wire);
    this.peers.push(peer);
    return peer;
  }

  /** A connection that is subscribed to the channel. */
  async subscribed(channel: string): Promise<Peer> {
    const peer = await this.connect();
    await peer.ask({ action: 'subscribe', channel }, 'subscribed');
    return peer;
  }

  /**
   * The status with which the handshake is refused.
   *
   * @throws Error when it is not refused.
   */
  async refusal(handshake: Handshake): Promise<number> {
    const entry = await this.host.open(handshake, () => {});
    if (entry.kind === 'refused') return entry.status;
    entry.wire.cut();
    throw new Error('The handshake was accepted.');
  }

  /** @throws Error when a frame came that the protocol does not have. */
  async leave(): Promise<void> {
    await Promise.all(this.peers.map(({ wire }) => closed(wire)));
    for (const peer of this.peers) peer.checkFrames();
  }
}

async function closed(wire: Peer['wire']): Promise<void> {
  wire.close();
  await within(CLOSE_MS, 'a close frame', wire.closed).catch(() => wire.cut());
}
