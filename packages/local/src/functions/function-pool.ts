/**
 * The execution environments of one function. As on Lambda, an environment handles one event at a time and is reused. Unlike on Lambda,
 * their number is small, and further events wait (`fair-queue.ts`).
 */

import { availableParallelism } from 'node:os';
import { ExecutionEnvironment, type FunctionSpec } from './execution-environment.ts';
import { FairQueue, NO_CONNECTION, partyOf } from './fair-queue.ts';
import { FloodWatch } from './flood-watch.ts';
import { EXITED, failureText, type Outcome } from './outcome.ts';
import type { Isolation } from './sandbox.ts';
import { CountedStream, type StreamReader } from './streamed-part.ts';

/** A streaming function needs one environment for each client, for as long as the client reads. */
export const STREAMING_ENVIRONMENTS = 200;

/** A laptop has room for four: each environment loads the SDK. */
export const DEFAULT_ENVIRONMENTS = 4;

/** A start takes one processor. The environments that are warm, the gateway and the store take the other. */
const DEFAULT_STARTING = Math.max(1, Math.floor(availableParallelism() / 2));

/** A connection with more waiting events than this counts as piling up. A page that reconnects sends a few events at once. */
const MOST_WAITING = 8;

/** A party that was served within this time is likely to send again. */
const A_MOMENT_MS = 1_000;

export interface PoolOptions {
  readonly maxEnvironments: number;
  /** What an environment runs in. @default `processes` */
  readonly isolation?: Isolation;
  /** How many environments may be idle. @default all of them */
  readonly maxIdle?: number;
  /** How many environments may start at the same time. @default one for every two processors */
  readonly maxStarting?: number;
  /** Gets each line that the function prints, and each failure. */
  readonly onOutput: (functionName: string, line: string) => void;
  /** Called after every invocation, also after a failed one. */
  readonly onInvoked?: (functionName: string, outcome: Outcome, usage: InvocationUsage) => void;
}

/** The usage for which Lambda charges an invocation. */
interface InvocationUsage {
  /** The time in the environment. The first event of an environment pays for its start as well. */
  readonly durationMs: number;
  readonly streamedBytes: number;
}

interface Turn {
  readonly party: string;
  readonly proceed: (environment: ExecutionEnvironment | undefined) => void;
}

/** The party of an event, and when the event ended by `performance.now()`. */
interface Served {
  readonly party: string;
  readonly at: number;
}

const NO_PARTY_YET: Served = { party: NO_CONNECTION, at: Number.NEGATIVE_INFINITY };

export class FunctionPool {
  private spec: FunctionSpec;
  private options: PoolOptions;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly starting = new Set<ExecutionEnvironment>();
  /** The start-up time of each environment that has not served an event yet. */
  private readonly unpaidMs = new WeakMap<ExecutionEnvironment, number>();
  private readonly busy = new Set<ExecutionEnvironment>();
  /** The number of busy environments of each party. */
  private readonly busyFor = new Map<string, number>();
  private readonly waiting = new FairQueue<Turn>();
  private readonly watch = new FloodWatch();
  /** The last two different parties that were served and did not flood. */
  private lastServed: Served = NO_PARTY_YET;
  private servedBefore: Served = NO_PARTY_YET;
  private stopped = false;

  constructor(spec: FunctionSpec, options: PoolOptions) {
    this.spec = spec;
    this.options = options;
  }

  /**
   * @param requestId @default a new id
   * @param read Gets each chunk that a streaming handler writes.
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

  /** Uses new code, variables and limits for all later events. Running invocations end with the old ones. */
  replace(spec: FunctionSpec, options: PoolOptions = this.options): void {
    this.spec = spec;
    this.options = options;
    this.retireIdle();
  }

  /** The busy environments, for tests that kill one. */
  running(): readonly ExecutionEnvironment[] {
    return [...this.busy];
  }

  /** Ends all environments. Later events fail. */
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

  /** Gives free environments to the parties in turn, as far as their room allows. */
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

  /** An event is not tied to a starting environment: the first free environment, new or used, takes the next event. */
  private startMissing(): void {
    const { maxEnvironments, maxStarting = DEFAULT_STARTING } = this.options;
    // A burst of short events is over before all its environments have started: warm ones serve it. Each start takes a processor from them.
    const most = Math.min(maxEnvironments - this.busy.size, maxStarting);
    if (this.starting.size >= most) return;
    const wanted = this.waiting.takeable(this.room, most);
    for (let started = this.starting.size; started < wanted; started++) void this.start();
  }

  /** The number of further environments that a party may get. */
  private readonly room = (party: string): number => {
    if (party === NO_CONNECTION) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.mostFor(party) - (this.busyFor.get(party) ?? 0));
  };

  /**
   * The most environments of a party: half of all, and one for a party that floods or piles up events while the pool serves
   * others. On Lambda such a party shares no processor with others. At least one, so that a slow event of another party cannot
   * block it.
   */
  private mostFor(party: string): number {
    if (this.floods(party) && this.servesBesides(party)) return 1;
    return Math.ceil(this.options.maxEnvironments / 2);
  }

  private floods(party: string): boolean {
    return this.watch.floods(party) || this.waiting.backlog(party) > MOST_WAITING;
  }

  /** Whether another party that does not flood has an environment, or had one within the last second. */
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

  /** If the environment dies during its start, the next event in turn fails, as on Lambda. */
  private async start(): Promise<void> {
    const { name } = this.spec;
    const { onOutput, isolation = 'processes' } = this.options;
    const startedAt = performance.now();
    const environment = new ExecutionEnvironment(this.spec, (line) => onOutput(name, line), isolation);
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
