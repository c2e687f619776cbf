/** One direction of a link: its bandwidth, which all connections share, its delay and its losses. */

import type { Time } from './virtual-time.ts';

export interface PipeShape {
  /** @default without a limit */
  readonly bytesPerSecond?: number;
  /** From one end to the other. Milliseconds. @default 20 */
  readonly delayMs?: number;
  /** At most this much is added to the delay, at random. Milliseconds. @default 0 */
  readonly jitterMs?: number;
  /** The share of packets that are lost. TCP sends them again, so they come late, and so does everything behind them. @default 0 */
  readonly loss?: number;
  /** A proxy collects what arrives, and passes it on only at multiples of this time. Milliseconds. */
  readonly releaseEveryMs?: number;
}

/** The payload of one packet of TCP on Ethernet. Bytes. */
const SEGMENT_BYTES = 1_460;

/** TCP waits at least this long before it sends a packet again (Linux: 200 ms), and twice as long for each further time. Milliseconds. */
const RETRANSMIT_MS = 200;

interface Load {
  left: number;
  readonly arrived: () => void;
}

/** What one connection sends in one direction, in order. */
export class Flow {
  readonly loads: Load[] = [];
  /** Nothing of this flow may arrive earlier than what was sent before it. */
  arrivesAt = 0;
  readonly passes: () => boolean;
  #isDropped = false;

  /** @param passes Whether a packet that is sent now gets through. One that does not is never seen again, and nothing tells so. */
  constructor(passes: () => boolean) {
    this.passes = passes;
  }

  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** The connection has ended: what was not sent yet is not sent any more. */
  drop(): void {
    this.#isDropped = true;
    this.loads.length = 0;
  }
}

export class Pipe {
  /** The bytes that have arrived at the other end. */
  bytes = 0;
  readonly #time: Time;
  readonly #shape: PipeShape;
  readonly #random: () => number;
  /** The flows that have something to send, in the order of their turns. */
  readonly #turns: Flow[] = [];
  #isSending = false;

  constructor(time: Time, shape: PipeShape, random: () => number) {
    this.#time = time;
    this.#shape = shape;
    this.#random = random;
  }

  /** Calls `arrived` when the last byte is at the other end. */
  send(flow: Flow, bytes: number, arrived: () => void): void {
    if (flow.isDropped) return;
    if (flow.loads.push({ left: bytes, arrived }) === 1) this.#turns.push(flow);
    this.#next();
  }

  /** Flows send one packet each in turn, as connections with equal windows share a link. */
  #next(): void {
    while (!this.#isSending) {
      const flow = this.#turns.shift();
      if (!flow) return;
      const [load] = flow.loads;
      if (load) this.#sendPacket(flow, load);
    }
  }

  #sendPacket(flow: Flow, load: Load): void {
    const { bytesPerSecond = Number.POSITIVE_INFINITY } = this.#shape;
    const bytes = Math.min(load.left, SEGMENT_BYTES);
    load.left -= bytes;
    const sent = () => {
      this.#isSending = false;
      this.#pass(flow, load, bytes);
      if (flow.loads.length > 0) this.#turns.push(flow);
      this.#next();
    };
    this.#isSending = true;
    this.#time.at(this.#time.now + (bytes / bytesPerSecond) * 1000, sent);
  }

  #pass(flow: Flow, load: Load, bytes: number): void {
    const isLast = load.left === 0;
    if (isLast && flow.loads[0] === load) flow.loads.shift();
    if (!flow.passes()) return;
    this.bytes += bytes;
    flow.arrivesAt = Math.max(flow.arrivesAt, this.#arrivalTime());
    if (isLast) this.#time.at(flow.arrivesAt, load.arrived);
  }

  #arrivalTime(): number {
    const { delayMs = 20, jitterMs = 0, loss = 0, releaseEveryMs } = this.#shape;
    let time = this.#time.now + delayMs + jitterMs * this.#random();
    for (let wait = Math.max(RETRANSMIT_MS, 4 * delayMs); this.#random() < loss; wait *= 2) time += wait;
    return releaseEveryMs === undefined ? time : Math.ceil(time / releaseEveryMs) * releaseEveryMs;
  }
}
