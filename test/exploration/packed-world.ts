/**
 * One run of a packed channel: publishers that only write, a stream that starts workers with the written records, and subscribers that join
 * and leave. A worker that dies or fails is started again with the same records, as Lambda does.
 */

import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { unmetered } from '../../lambdas/realtime/access/meter.ts';
import { deliver } from '../../lambdas/realtime/delivery/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import { gapless } from '../../lambdas/realtime/log/gapless.ts';
import { isVoid } from '../../lambdas/realtime/log/log-store.ts';
import { type PublishPorts, publishPacked } from '../../lambdas/realtime/log/publish.ts';
import { deliverPacked, type RoundPorts, TURN_MS } from '../../lambdas/realtime/log/round.ts';
import { collect, memoryPorts, NOW, subscriptionFixture } from '../memory/memory-ports.ts';
import { TimelessPace } from '../memory/timeless-pace.ts';
import type { Chooser, Option } from './scheduler.ts';
import { Scheduler } from './scheduler.ts';
import { type Step, steppedPorts } from './stepped-ports.ts';

export type PackedPorts = PublishPorts & RoundPorts;

export interface PackedCase {
  /** The messages of each publisher; each is one publish. A key is that of one sender, so that it may be repeated. */
  readonly publishers: readonly (readonly { readonly data: string; readonly key?: string }[])[];
  /** How many join while messages are published, and how many of all subscribers leave again. */
  readonly joining: number;
  readonly leaving?: number;
  readonly crashes: number;
  /** How many batches of the stream may run at the same time. */
  readonly lanes?: number;
  /** With two, subscribers are spread over two shards, and workers post to them. */
  readonly shards?: number;
  /** A worker that waits takes the turn of another one that is only slow. */
  readonly isImpatient?: boolean;
  /** Of workers. */
  readonly mutant?: (ports: PackedPorts) => PackedPorts;
  /** A subscriber reads the head before it writes its row. */
  readonly subscribesLate?: boolean;
  /** Publishers start the workers themselves, after the write. */
  readonly publishersWake?: boolean;
}

export interface PackedSeen {
  /** The log at the end, from its first number on. */
  readonly final: ReadonlyMap<number, string>;
  readonly acknowledged: readonly { readonly seq: number; readonly data: string }[];
  /** Those that have joined and not left. */
  readonly subscribers: readonly {
    /** The head in the reply. Numbers up to it need not come. */
    readonly head: number;
    readonly arrivals: readonly { readonly seq: number; readonly data: string }[];
  }[];
  readonly failures: readonly string[];
  readonly order: readonly Option[];
}

const CHANNEL = 'packed:explored';
const RETENTION = { retentionMs: 24 * 60 * 60 * 1000 };

export async function observePacked(choose: Chooser, given: PackedCase): Promise<PackedSeen> {
  return new PackedWorld(given).run(choose);
}

interface Lane {
  /** Numbers of records that no worker has got. */
  waiting: number[];
  isBusy: boolean;
}

class PackedWorld {
  private readonly given: PackedCase;
  private readonly scheduler = new Scheduler();
  private readonly ports = { ...memoryPorts(), containerPace: new TimelessPace() };
  private readonly lanes: readonly Lane[];
  private readonly acknowledged: { seq: number; data: string }[] = [];
  private readonly heads = new Map<string, number>();
  private readonly failures: string[] = [];
  /** What is started in place of a process that dies. */
  private readonly successors = new Map<string, () => void>();
  /** Of the turn, while a worker has it. */
  private holder: string | undefined;
  private readonly dead = new Set<string>();
  private elapsedMs = 0;
  private started = 0;

  constructor(given: PackedCase) {
    this.given = given;
    this.lanes = Array.from({ length: given.lanes ?? 1 }, () => ({ waiting: [], isBusy: false }));
  }

  async run(choose: Chooser): Promise<PackedSeen> {
    const { given, ports, scheduler } = this;
    if (given.shards === 2) await ports.shards.grow(CHANNEL, 1, 2);
    await ports.subscriptions.put(this.rowOf('early'));
    this.heads.set('early', 0);
    for (let index = 0; index < given.joining; index++) void this.join(`joining ${index}`);
    for (let index = 0; index < (given.leaving ?? 0); index++) void this.leave(`leaving ${index}`);
    for (const [index, drafts] of given.publishers.entries()) void this.publish(`publisher ${index}`, drafts);
    const order = await scheduler.run((options) => this.chosen(choose, options), given.crashes);
    return { ...(await this.seen()), order };
  }

  /** Starts the successor of a process that is about to die. */
  private chosen(choose: Chooser, options: readonly Option[]): number {
    const index = choose(options);
    const option = options[index];
    if (option?.kind === 'crash') {
      this.dead.add(option.process);
      this.successors.get(option.process)?.();
    }
    return index;
  }

  private async publish(name: string, drafts: PackedCase['publishers'][number]): Promise<void> {
    const wakes = this.given.publishersWake ? this.stepOf(name) : undefined;
    const { channelLog } = this.ports;
    const write: typeof channelLog.write = async (channel, messages, retention) => {
      const isWritten = await channelLog.write(channel, messages, retention);
      const numbers = messages.map(({ seq }) => seq);
      if (isWritten && wakes) void wakes('wake', async () => this.wake(numbers));
      else if (isWritten) this.wake(numbers);
      return isWritten;
    };
    const ports = this.portsOf(name, { ...this.ports, channelLog: { ...channelLog, write } });
    const log = { ports, channel: CHANNEL, retention: RETENTION };
    try {
      const seqs = await publishPacked(log, { kind: 'user', id: 'ann' }, drafts, unmetered);
      for (const [index, { data }] of drafts.entries())
        this.acknowledged.push({ seq: seqs[index] ?? 0, data });
    } catch (error) {
      this.failures.push(`${name}: ${error}`);
    }
  }

  /** The stream has a record of these numbers. */
  private wake(numbers: readonly number[]): void {
    const lane = this.lanes[(numbers[0] ?? 0) % this.lanes.length];
    lane?.waiting.push(...numbers);
    if (lane && !lane.isBusy) this.startOn(lane);
  }

  private startOn(lane: Lane, repeated: readonly number[] = []): void {
    lane.isBusy = true;
    this.started += 1;
    const name = `worker ${this.started}`;
    let batch = repeated;
    this.successors.set(name, () => this.startOn(lane, batch));
    void (async () => {
      if (batch.length === 0)
        batch = await this.scheduler.step(name, 'begin', async () => lane.waiting.splice(0));
      const ports = this.portsOf(name, this.ports);
      try {
        await deliverPacked(
          { ports, channel: CHANNEL, retention: RETENTION },
          { first: Math.min(...batch), last: Math.max(...batch) },
        );
      } catch {
        this.startOn(lane, batch);
        return;
      }
      this.successors.delete(name);
      lane.isBusy = false;
      if (lane.waiting.length > 0) this.startOn(lane);
    })();
  }

  private async join(name: string): Promise<void> {
    const { ports, given } = this;
    const step = this.stepOf(name);
    this.scheduler.spare(name);
    const subscribe = () => step('subscribe', () => ports.subscriptions.put(this.rowOf(name)));
    const readHead = () => step('head', () => ports.channelLog.head(CHANNEL));
    if (!given.subscribesLate) await subscribe();
    const head = await readHead();
    if (given.subscribesLate) await subscribe();
    this.heads.set(name, head?.seq ?? 0);
  }

  /** Subscribes, and leaves at some time. */
  private async leave(name: string): Promise<void> {
    await this.join(name);
    const { channel, shard } = this.rowOf(name);
    await this.stepOf(name)('leave', () => this.ports.subscriptions.remove(name, [{ channel, shard }]));
    this.heads.delete(name);
  }

  private rowOf(connectionId: string) {
    const shard = this.given.shards === 2 && connectionId !== 'early' ? 1 : 0;
    return subscriptionFixture({ channel: CHANNEL, connectionId, shard });
  }

  private stepOf(name: string): Step {
    return (label, run) => this.scheduler.step(name, label, run);
  }

  private portsOf(name: string, base: PackedPorts & typeof this.ports): PackedPorts {
    const step = this.stepOf(name);
    const { turns } = this.ports;
    const deliveries = { ...base.deliveries, start: (task: DeliveryTask) => this.startPosting(task) };
    const stepped: PackedPorts = {
      ...steppedPorts({ ...base, deliveries }, step),
      turns: {
        look: (...args) => step('look', () => turns.look(...args)),
        take: (...args) =>
          step('take', async () => {
            const head = await turns.take(...args);
            if (head) this.holder = name;
            return head;
          }),
        finish: (...args) => step('finish', () => turns.finish(...args)),
      },
      now: () => NOW + this.elapsedMs,
      pause: (ms) => step('pause', async () => this.pass(ms)),
    };
    return this.given.mutant && !name.startsWith('publisher') ? this.given.mutant(stepped) : stepped;
  }

  /** The waits for slow writers take no time. A worker that waits for a turn waits until its holder gives it back, or until its time is over. */
  private pass(ms: number): void {
    const isForTurn = ms > 100;
    if (isForTurn && (this.given.isImpatient || this.dead.has(this.holder ?? ''))) this.elapsedMs += TURN_MS;
  }

  /** A worker of a wide channel. One that dies is started again. */
  private async startPosting(task: DeliveryTask): Promise<void> {
    this.started += 1;
    const name = `poster ${this.started}`;
    this.scheduler.spare(name);
    const { claims, newestLate } = this.ports;
    const narrow = { spread: async () => ({ count: 1, placedOver: 1 }) };
    const ports = this.portsOf(name, this.ports);
    deliver({ ...ports, shards: { ...ports.shards, ...narrow }, claims, newestLate }, task, name).catch(
      (error) => this.failures.push(`${name}: ${error}`),
    );
  }

  private async seen(): Promise<Omit<PackedSeen, 'order'>> {
    const { ports, acknowledged, failures } = this;
    const head = await ports.channelLog.head(CHANNEL);
    const log = { ports, channel: CHANNEL, retention: RETENTION };
    const records = head ? await collect(gapless(log, { from: head.createdAt + 1, to: head.seq })) : [];
    const final = new Map(
      records.map((record) => [record.seq, isVoid(record) ? 'void' : String(record.data)]),
    );
    const subscribers = [...this.heads].map(([name, joinedAt]) => ({
      head: joinedAt,
      arrivals: ports.posts
        .filter(({ connectionId }) => connectionId === name)
        .flatMap(({ frame }) => v.parse(messagesEvent, frame).messages)
        .map((record) => v.parse(numbered, record)),
    }));
    return { final, acknowledged, subscribers, failures };
  }
}

const numbered = v.object({ seq: v.number(), data: v.optional(v.string(), 'void') });
