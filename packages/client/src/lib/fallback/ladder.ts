/**
 * Chooses the transport of the next socket. Pure: the fate of sockets goes in, the transport comes out.
 *
 * After a failure the next socket is one rung lower. After the last rung it is the first one again: perhaps no transport was blocked,
 * and the network was down. Only probes (`climber.ts`) lead up, because an attempt with the connection itself would interrupt it.
 */

import type { Outcome } from './outcome.ts';
import type { Transport } from './transports.ts';

/** A transport that has opened before is left after this many failures in a row; one that has not, after the first. */
const CREDIT = 2;

export class Ladder {
  /** How many probes there were since the best transport last had a good socket. */
  probes = 0;
  readonly #rungs: readonly [Transport, ...Transport[]];
  #next: Transport;
  #failures = 0;
  readonly #hasOpened = new Set<Transport>();
  /** The transports of all sockets that are open, in the order of their opening. */
  readonly #open: Transport[] = [];

  /**
   * @param rungs The transports, best first.
   * @param start The first one to use, if it is one of the rungs.
   */
  constructor(rungs: readonly [Transport, ...Transport[]], start?: Transport) {
    this.#rungs = rungs;
    this.#next = rungs.find((rung) => rung === start) ?? rungs[0];
  }

  /** The transport of the next socket. */
  get next(): Transport {
    return this.#next;
  }

  /** The transport of the youngest open socket, which replaces the others; `undefined` if none is open. */
  get inUse(): Transport | undefined {
    return this.#open.at(-1);
  }

  /** The transports that are better than the one in use, best first. */
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
    // A transport on which another socket is open is not blocked. Then the failure has another cause.
    const isDoubtful = transport === this.#next && !this.#open.includes(transport);
    if (!isDoubtful) return;
    if (outcome === 'refused') this.restart();
    if (outcome === 'failed') this.#fail(transport);
  }

  /** A probe has shown that this transport works. */
  climb(transport: Transport): void {
    this.#hasOpened.add(transport);
    this.#take(transport);
  }

  /** The failures so far do not count against the transports any more: begins again with the best one. */
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
