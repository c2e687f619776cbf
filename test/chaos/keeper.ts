/** Clients that set, claim and remove named values, and that hold the values of their channels. */

import { randomUUID } from 'node:crypto';
import {
  type Connection,
  connect,
  type Message,
  type Subscription,
  type WebSocketConstructor,
} from 'fanfare-client';
import { values } from 'fanfare-protocol/actions';
import * as v from 'valibot';
import type { Claim, Reader, Snapshot, Won } from './values-verdict.ts';
import { type Reply, Wire } from './wire.ts';

export type Act = 'set' | 'claim' | 'remove';

/** Of `subscribe` with `values`, and of `values`. */
const page = v.object({ seq: v.number(), values, next: v.optional(v.string()) });
const published = v.object({ event: v.literal('published'), seq: v.number() });
const conflict = v.object({
  code: v.literal('conflict'),
  current: v.nullable(v.object({ seq: v.number() })),
});

interface Holding extends Reader {
  readonly live: Message[];
  readonly snapshots: Snapshot[];
  readonly subscription: Subscription;
}

export class Keeper {
  readonly connection: Connection;
  readonly holdings: Holding[] = [];
  readonly won: Won[] = [];
  readonly conflicts: Claim[] = [];
  readonly failures: string[] = [];
  private readonly wire: Wire;
  private readonly name: string;
  private counter = 0;
  private waiting = 0;

  constructor(name: string, url: string, webSocket: WebSocketConstructor, random: () => number) {
    this.name = name;
    this.wire = new Wire(url, webSocket);
    this.connection = connect(url, {
      webSocket,
      random,
      requestTimeoutMs: 5_000,
      backoff: { baseMs: 20, capMs: 500, stableMs: 2_000 },
      heartbeat: { idleMs: 5_000, timeoutMs: 2_000 },
    });
  }

  /** Subscribes first, and reads the values then: everything behind the head of the first page arrives live. */
  async follow(channel: string): Promise<void> {
    const live: Message[] = [];
    const lost: unknown[] = [];
    const subscription = this.connection
      .channel(channel)
      .subscribe((message) => live.push(message), { onLost: (gap) => lost.push(gap) });
    await subscription.ready;
    const start = subscription.position ?? 0;
    this.holdings.push({ channel, start, live, lost, snapshots: [], subscription });
    await this.lookAgain(channel);
  }

  /** Reads all values anew, as a subscriber that has just come. */
  async lookAgain(channel: string): Promise<void> {
    this.waiting += 1;
    await this.look(channel);
    this.waiting -= 1;
  }

  private async look(channel: string): Promise<void> {
    const found: Message[] = [];
    let head: number | undefined;
    let command: object = { action: 'subscribe', channel, values: true };
    for (;;) {
      const reply = await this.wire.ask(command);
      const { success, output } = v.safeParse(page, reply);
      if (!success) return this.fail(reply);
      head ??= output.seq;
      found.push(...output.values);
      if (output.next === undefined) break;
      command = { action: 'values', channel, cursor: output.next };
    }
    this.holding(channel)?.snapshots.push({ seq: head, values: found });
  }

  /** Carries out one publish, until it has an answer. */
  async act(act: Act, channel: string, name: string, isSure: boolean): Promise<void> {
    this.waiting += 1;
    const n = this.counter;
    this.counter += 1;
    const ifSeq = act === 'claim' || isSure ? this.known(channel, name) : undefined;
    const claim = { channel, name, by: this.name, n, ifSeq };
    const content = act === 'remove' ? { remove: true } : { data: { by: this.name, n, ifSeq } };
    const command = { action: 'publish', channel, name, key: randomUUID(), ifSeq, ...content };
    const answer = await this.wire.ask(command);
    this.note(claim, answer);
    this.waiting -= 1;
  }

  close(): void {
    this.connection.close();
    this.wire.close();
  }

  /** Publishes and reads that wait for their answers. */
  get outstanding(): number {
    return this.waiting;
  }

  get delivered(): number {
    return this.holdings.reduce((sum, { live }) => sum + live.length, 0);
  }

  get looks(): number {
    return this.holdings.reduce((sum, { snapshots }) => sum + snapshots.length, 0);
  }

  private note(claim: Claim, answer: Reply | undefined): void {
    const won = v.safeParse(published, answer);
    const lost = v.safeParse(conflict, answer);
    if (won.success) this.won.push({ ...claim, seq: won.output.seq });
    else if (lost.success) this.conflicts.push({ ...claim, current: lost.output.current?.seq ?? null });
    else this.fail(answer);
  }

  private fail(answer: Reply | undefined): void {
    this.failures.push(JSON.stringify(answer ?? 'no answer'));
  }

  private holding(channel: string): Holding | undefined {
    return this.holdings.find((one) => one.channel === channel);
  }

  /** The `ifSeq` by what this client knows: the newest message of the name, or 0 if it knows no value. */
  private known(channel: string, name: string): number {
    const { live = [], snapshots = [] } = this.holding(channel) ?? {};
    const newest = [...(snapshots.at(-1)?.values ?? []), ...live]
      .filter((message) => message.name === name)
      .reduce<Message | undefined>(
        (one, other) => ((one?.seq ?? 0) > (other.seq ?? 0) ? one : other),
        undefined,
      );
    return newest?.removed ? 0 : (newest?.seq ?? 0);
  }
}
