/** The way of one device to the server: two pipes, the routers that forget, and the connections on it. */

import { Flow, Pipe, type PipeShape } from './pipe.ts';
import type { Time } from './virtual-time.ts';

export interface LinkShape {
  readonly down?: PipeShape;
  readonly up?: PipeShape;
  /** A router forgets a connection that was silent for longer. Its packets vanish from then on, and no end gets a close. Milliseconds. */
  readonly natForgetsMs?: number;
}

export type Direction = 'down' | 'up';

export class Link {
  readonly down: Pipe;
  readonly up: Pipe;
  /** The times of all attempts to connect. Milliseconds. */
  readonly attempts: number[] = [];
  readonly shape: LinkShape;
  readonly time: Time;
  readonly #lines = new Set<Line>();

  constructor(time: Time, shape: LinkShape, random: () => number) {
    this.time = time;
    this.shape = shape;
    this.down = new Pipe(time, shape.down ?? {}, random);
    this.up = new Pipe(time, shape.up ?? {}, random);
  }

  /** How long a packet takes to the server and back, without jitter. Milliseconds. */
  get roundTripMs(): number {
    return (this.shape.down?.delayMs ?? 20) + (this.shape.up?.delayMs ?? 20);
  }

  /** @param onCut the connection is reset: both ends learn it. */
  open(onCut: () => void): Line {
    const line = new Line(this, onCut, () => this.#lines.delete(line));
    this.#lines.add(line);
    return line;
  }

  /** From now on all packets of the connections that are open now vanish, in these directions. No end gets a close. */
  silence(...directions: readonly Direction[]): void {
    for (const line of this.#lines) for (const direction of directions) line.silent.add(direction);
  }

  /** Resets all connections. */
  cut(): void {
    for (const line of [...this.#lines]) line.cut();
  }
}

/** One TCP connection over a link. */
export class Line {
  readonly silent = new Set<Direction>();
  readonly #link: Link;
  readonly #onCut: () => void;
  readonly #onEnd: () => void;
  readonly #flows: Readonly<Record<Direction, Flow>>;
  #lastPassed: number;
  #isForgotten = false;

  constructor(link: Link, onCut: () => void, onEnd: () => void) {
    this.#link = link;
    this.#onCut = onCut;
    this.#onEnd = onEnd;
    this.#lastPassed = link.time.now;
    this.#flows = { down: this.#flow('down'), up: this.#flow('up') };
  }

  send(direction: Direction, bytes: number, arrived: () => void): void {
    const flow = this.#flows[direction];
    this.#link[direction].send(flow, bytes, () => flow.isDropped || arrived());
  }

  /** Both ends know that it has ended. */
  end(): void {
    for (const flow of Object.values(this.#flows)) flow.drop();
    this.#onEnd();
  }

  cut(): void {
    this.end();
    this.#onCut();
  }

  #flow(direction: Direction): Flow {
    return new Flow(() => {
      const { time, shape } = this.#link;
      const { natForgetsMs = Number.POSITIVE_INFINITY } = shape;
      this.#isForgotten ||= time.now - this.#lastPassed > natForgetsMs;
      const passes = !this.#isForgotten && !this.silent.has(direction);
      if (passes) this.#lastPassed = time.now;
      return passes;
    });
  }
}
