/**
 * Which transport the next socket takes. Pure: what happened to sockets goes in, the transport comes out.
 *
 * A transport that fails sends the next socket one rung down, and from the last rung back to the first: perhaps nothing was
 * blocked, and the network was down. The way up is by probes (`climber.ts`), never by trying with what is in use.
 */

import type { Outcome } from './outcome.ts';
import type { Transport } from './transports.ts';

/** A transport that has worked here may fail once, as anything may; one that never did has no such credit. Failures in a row. */
const CREDIT = 2;

export class Ladder {
  /** Probes since the best transport last proved itself. */
  probes = 0;
  readonly #rungs: readonly [Transport, ...Transport[]];
  #next: Transport;
  #failures = 0;
  readonly #hasOpened = new Set<Transport>();
  /** The transports of all sockets that are open, in the order of their opening. */
  readonly #open: Transport[] = [];

  /**
   * @param rungs best first.
   * @param start where to begin, if it is one of them.
   */
  constructor(rungs: readonly [Transport, ...Transport[]], start?: Transport) {
    this.#rungs = rungs;
    this.#next = rungs.find((rung) => rung === start) ?? rungs[0];
  }

  /** For the next socket. */
  get next(): Transport {
    return this.#next;
  }

  /** Of the youngest socket that is open, which is the one that replaces the others. */
  get inUse(): Transport | undefined {
    return this.#open.at(-1);
  }

  /** What would be better than what is in use, best first. */
  get better(): readonly Transport[] {
    return this.inUse ? this.#rungs.slice(0, this.#rungs.indexOf(this.inUse)) : [];
  }

  opened(transport: Transport): void {
    this.#hasOpened.add(transport);
    this.#open.push(transport);
  }

  ended(transport: Transport, outcome: Outcome, wasOpen: boolean): void {
    if (wasOpen) this.#open.splice(this.#open.indexOf(transport), 1);
    if (outcome === 'good') this.#approve(transport);
    // The transport cannot be blocked while another socket uses it: the next one is refused, or late.
    const isDoubtful = transport === this.#next && !this.#open.includes(transport);
    if (!isDoubtful) return;
    if (outcome === 'refused') this.restart();
    if (outcome === 'failed') this.#fail(transport);
  }

  /** A probe has shown that this one works. */
  climb(transport: Transport): void {
    this.#hasOpened.add(transport);
    this.#take(transport);
  }

  /** Whatever failed until now failed for another reason, so it is tried again, from the top. */
  restart(): void {
    this.#take(this.#rungs[0]);
  }

  #approve(transport: Transport): void {
    if (transport === this.#next) this.#failures = 0;
    if (transport === this.#rungs[0]) this.probes = 0;
  }

  #fail(transport: Transport): void {
    this.#failures += 1;
    if (this.#hasOpened.has(transport) && this.#failures < CREDIT) return;
    this.#take(this.#rungs[this.#rungs.indexOf(transport) + 1] ?? this.#rungs[0]);
  }

  #take(transport: Transport): void {
    this.#next = transport;
    this.#failures = 0;
  }
}
