/**
 * The execution environments of one function. Like Lambda, an environment handles one event at a time and is reused;
 * unlike Lambda, there is a cap, and events beyond it wait their turn (`fair-queue.ts`).
 */

import { ExecutionEnvironment, type FunctionSpec } from './execution-environment.ts';
import { FairQueue, NO_CONNECTION, partyOf } from './fair-queue.ts';
import { FloodWatch } from './flood-watch.ts';
import { EXITED, failureText, type Outcome } from './outcome.ts';
import { CountedStream, type StreamReader } from './streamed-part.ts';

/** A function that streams is busy with each of its clients for as long as it does. */
export const STREAMING_ENVIRONMENTS = 200;

/** Enough to run things at the same time, few enough for a laptop: each one loads the SDK. */
export const DEFAULT_ENVIRONMENTS = 4;

/** A connection of which more events wait than this piles them up: pages that connect again send some at once. */
const MOST_WAITING = 8;

/** Whoever was served within this time may be back at any moment. */
const A_MOMENT_MS = 1_000;

export interface PoolOptions {
  readonly maxEnvironments: number;
  /** How many may wait for work; @default all of them */
  readonly maxIdle?: number;
  /** What the function printed, and how it failed; line by line. */
  readonly onOutput: (functionName: string, line: string) => void;
  /** After every invocation, however it ended. */
  readonly onInvoked?: (functionName: string, outcome: Outcome, usage: InvocationUsage) => void;
}

/** What Lambda charges an invocation for. */
export interface InvocationUsage {
  /** From the moment an environment has it, and the start of that one if it is its first event. */
  readonly durationMs: number;
  readonly streamedBytes: number;
}

interface Turn {
  readonly party: string;
  readonly proceed: (environment: ExecutionEnvironment | undefined) => void;
}

/** Whose event it was, and when it ended by `performance.now()`. */
interface Served {
  readonly party: string;
  readonly at: number;
}

const NOBODY_YET: Served = { party: NO_CONNECTION, at: Number.NEGATIVE_INFINITY };

export class FunctionPool {
  private spec: FunctionSpec;
  private readonly options: PoolOptions;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly starting = new Set<ExecutionEnvironment>();
  /** What it took to start those that have served nobody yet. */
  private readonly unpaidMs = new WeakMap<ExecutionEnvironment, number>();
  private readonly busy = new Set<ExecutionEnvironment>();
  /** How many of them handle events of a party. */
  private readonly busyFor = new Map<string, number>();
  private readonly waiting = new FairQueue<Turn>();
  private readonly watch = new FloodWatch();
  /** Of those who do not flood: who was served last, and who was the last other one. */
  private lastServed: Served = NOBODY_YET;
  private servedBefore: Served = NOBODY_YET;
  private stopped = false;

  constructor(spec: FunctionSpec, options: PoolOptions) {
    this.spec = spec;
    this.options = options;
  }

  /**
   * @param requestId A new one, unless its caller has one.
   * @param read Takes what a handler that streams writes, as it is written.
   */
  async invoke(event: unknown, requestId?: string, read?: StreamReader): Promise<Outcome> {
    const party = partyOf(event);
    const environment = await this.acquire(party);
    if (!environment) return { kind: 'died', errorType: EXITED, message: `${this.spec.name} is stopped.` };
    const startedAt = performance.now();
    const stream = read && new CountedStream(read);
    const outcome = await environment.invoke(event, requestId, stream?.read);
    const durationMs = performance.now() - startedAt + (this.unpaidMs.get(environment) ?? 0);
    this.unpaidMs.delete(environment);
    if (outcome.kind !== 'result' && !this.stopped)
      this.options.onOutput(this.spec.name, failureText(outcome));
    this.release(environment, party, outcome.kind !== 'died');
    this.options.onInvoked?.(this.spec.name, outcome, { durationMs, streamedBytes: stream?.bytes ?? 0 });
    return outcome;
  }

  /** New code or variables for every event from now on; what is running ends on the old ones. */
  replace(spec: FunctionSpec): void {
    this.spec = spec;
    this.retireIdle();
  }

  /** Environments that are handling an event right now, for tests that kill one. */
  running(): readonly ExecutionEnvironment[] {
    return [...this.busy];
  }

  /** Ends everything; later events are answered as failed. */
  stop(): void {
    this.stopped = true;
    this.retireIdle();
    for (const environment of [...this.busy, ...this.starting])
      environment.kill(`${this.spec.name} is stopped.`);
    for (const { proceed } of this.waiting.drain()) proceed(undefined);
  }

  private async acquire(party: string): Promise<ExecutionEnvironment | undefined> {
    if (this.stopped) return undefined;
    this.watch.saw(party);
    return new Promise((proceed) => {
      this.waiting.put(party, { party, proceed });
      this.serveWaiting();
    });
  }

  private release(environment: ExecutionEnvironment, party: string, alive: boolean): void {
    this.busy.delete(environment);
    this.count(party, -1);
    if (!this.floods(party)) this.remember(party);
    if (alive) this.keep(environment);
    else environment.kill('Retired.');
    this.serveWaiting();
    this.retireBeyondMost();
  }

  /** Whoever is in turn, and may, has an environment, as long as there are any. */
  private serveWaiting(): void {
    let environment = this.idle.pop();
    while (environment && this.give(environment)) environment = this.idle.pop();
    if (environment) this.idle.push(environment);
    this.startMissing();
  }

  private give(environment: ExecutionEnvironment): boolean {
    const next = this.waiting.take(this.room);
    if (!next) return false;
    this.busy.add(environment);
    this.count(next.party, 1);
    next.proceed(environment);
    return true;
  }

  /** Nobody waits for an environment that is being started: the first to be free, new or not, serves whoever is in turn. */
  private startMissing(): void {
    const most = this.options.maxEnvironments - this.busy.size;
    if (this.starting.size >= most) return;
    const wanted = this.waiting.takeable(this.room, most);
    for (let started = this.starting.size; started < wanted; started++) void this.start();
  }

  /** How many more environments a party may have. */
  private readonly room = (party: string): number => {
    if (party === NO_CONNECTION) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.mostFor(party) - (this.busyFor.get(party) ?? 0));
  };

  /**
   * Half of the environments; one beside others for whoever floods or has piled up events: on Lambda these would not share a
   * processor with the others. Never none, or somebody's slow event would hold them all up.
   */
  private mostFor(party: string): number {
    if (this.floods(party) && this.servesBesides(party)) return 1;
    return Math.ceil(this.options.maxEnvironments / 2);
  }

  private floods(party: string): boolean {
    return this.watch.floods(party) || this.waiting.backlog(party) > MOST_WAITING;
  }

  /** Whether anybody else who does not flood has an environment, or had one a moment ago. */
  private servesBesides(party: string): boolean {
    for (const other of this.busyFor.keys()) if (other !== party && !this.floods(other)) return true;
    const { at } = this.lastServed.party === party ? this.servedBefore : this.lastServed;
    return performance.now() - at < A_MOMENT_MS;
  }

  private remember(party: string): void {
    if (this.lastServed.party !== party) this.servedBefore = this.lastServed;
    this.lastServed = { party, at: performance.now() };
  }

  private count(party: string, change: 1 | -1): void {
    const busy = (this.busyFor.get(party) ?? 0) + change;
    if (busy > 0) this.busyFor.set(party, busy);
    else this.busyFor.delete(party);
  }

  private retireBeyondMost(): void {
    const { maxEnvironments, maxIdle = maxEnvironments } = this.options;
    for (const environment of this.idle.splice(maxIdle)) environment.kill('Retired.');
  }

  /** If it dies as it starts, it fails the event of whoever is in turn, as on Lambda. */
  private async start(): Promise<void> {
    const { name } = this.spec;
    const startedAt = performance.now();
    const environment = new ExecutionEnvironment(this.spec, (line) => this.options.onOutput(name, line));
    this.starting.add(environment);
    await environment.loaded;
    this.starting.delete(environment);
    this.unpaidMs.set(environment, performance.now() - startedAt);
    if (environment.isDead && !this.isRetired(environment)) this.give(environment);
    else this.keep(environment);
    this.serveWaiting();
    this.retireBeyondMost();
  }

  private keep(environment: ExecutionEnvironment): void {
    if (this.isRetired(environment)) environment.kill('Retired.');
    else this.idle.push(environment);
  }

  private isRetired(environment: ExecutionEnvironment): boolean {
    return this.stopped || environment.spec !== this.spec;
  }

  private retireIdle(): void {
    for (const environment of this.idle.splice(0)) environment.kill('Retired.');
  }
}
