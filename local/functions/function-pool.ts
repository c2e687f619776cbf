/**
 * The execution environments of one function. Like Lambda, an environment handles one event at a time and is reused;
 * unlike Lambda, there is a cap, and events beyond it wait their turn (`fair-queue.ts`).
 */

import { ExecutionEnvironment, type FunctionSpec } from './execution-environment.ts';
import { FairQueue, partyOf } from './fair-queue.ts';
import { EXITED, failureText, type Outcome } from './outcome.ts';
import type { StreamReader } from './streamed-part.ts';

/** A function that streams is busy with each of its clients for as long as it does. */
export const STREAMING_ENVIRONMENTS = 200;

/** Enough to run things at the same time, few enough for a laptop: each one loads the SDK. */
export const DEFAULT_ENVIRONMENTS = 4;

export interface PoolOptions {
  readonly maxEnvironments: number;
  /** How many may wait for work; @default all of them */
  readonly maxIdle?: number;
  /** What the function printed, and how it failed; line by line. */
  readonly onOutput: (functionName: string, line: string) => void;
  /** After every invocation, however it ended. */
  readonly onInvoked?: (functionName: string, outcome: Outcome) => void;
}

type Turn = (environment: ExecutionEnvironment | undefined) => void;

export class FunctionPool {
  private spec: FunctionSpec;
  private readonly options: PoolOptions;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly busy = new Set<ExecutionEnvironment>();
  private readonly waiting = new FairQueue<Turn>();
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
    const environment = await this.acquire(event);
    if (!environment) return { kind: 'died', errorType: EXITED, message: `${this.spec.name} is stopped.` };
    const outcome = await environment.invoke(event, requestId, read);
    if (outcome.kind !== 'result' && !this.stopped)
      this.options.onOutput(this.spec.name, failureText(outcome));
    this.release(environment, outcome.kind !== 'died');
    this.options.onInvoked?.(this.spec.name, outcome);
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
    for (const environment of this.busy) environment.kill(`${this.spec.name} is stopped.`);
    for (const proceed of this.waiting.drain()) proceed(undefined);
  }

  private async acquire(event: unknown): Promise<ExecutionEnvironment | undefined> {
    if (this.stopped) return undefined;
    const free =
      this.idle.pop() ?? (this.busy.size < this.options.maxEnvironments ? this.start() : undefined);
    return free ? this.occupy(free) : new Promise((proceed) => this.waiting.put(partyOf(event), proceed));
  }

  private release(environment: ExecutionEnvironment, alive: boolean): void {
    this.busy.delete(environment);
    const reusable = alive && !this.stopped && environment.spec === this.spec;
    if (!reusable) environment.kill('Retired.');
    const proceed = this.waiting.take();
    if (proceed) proceed(this.occupy(reusable ? environment : this.start()));
    else if (reusable) this.rest(environment);
  }

  private rest(environment: ExecutionEnvironment): void {
    const { maxEnvironments, maxIdle = maxEnvironments } = this.options;
    if (this.idle.length < maxIdle) this.idle.push(environment);
    else environment.kill('Retired.');
  }

  private start(): ExecutionEnvironment {
    const { name } = this.spec;
    return new ExecutionEnvironment(this.spec, (line) => this.options.onOutput(name, line));
  }

  private occupy(environment: ExecutionEnvironment): ExecutionEnvironment {
    this.busy.add(environment);
    return environment;
  }

  private retireIdle(): void {
    for (const environment of this.idle.splice(0)) environment.kill('Retired.');
  }
}
