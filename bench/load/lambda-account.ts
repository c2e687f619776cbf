/** Simulates Lambda for a whole account: functions that share a pool of concurrent executions, some with a limit of their own. */

import { TokenBucket } from '../../packages/local/src/gateway/token-bucket.ts';
import { platform } from '../simulator/assumptions.ts';
import { ExecutionEnvironment } from '../simulator/execution-environment.ts';
import type { VirtualClock } from '../simulator/virtual-clock.ts';

/** Counts the executions of an account, and those that events wait for. */
export class ExecutionPool {
  running = 0;
  waiting = 0;
  peakRunning = 0;
  /** The most executions that were running or waited for at one moment. */
  peakWanted = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get isFull(): boolean {
    return this.running >= this.limit;
  }

  began(): void {
    this.running += 1;
    this.peakRunning = Math.max(this.peakRunning, this.running);
    this.noteWanted();
  }

  ended(): void {
    this.running -= 1;
  }

  /** Forgets the peaks so far, in which all environments were new. */
  forgetPeaks(): void {
    this.peakRunning = this.running;
    this.peakWanted = this.running + this.waiting;
  }

  noteWanted(): void {
    this.peakWanted = Math.max(this.peakWanted, this.running + this.waiting);
  }
}

interface FunctionOptions<Event> {
  readonly clock: VirtualClock;
  readonly pool: ExecutionPool;
  /** The executions that the function may use, if it has a reservation. */
  readonly reserved?: number | undefined;
  /** Milliseconds in the queue of asynchronous events. */
  readonly asyncStart: () => number;
  /** Milliseconds until a new environment is ready. */
  readonly coldStart: () => number;
  readonly handler: (environment: ExecutionEnvironment, event: Event, requestId: string) => Promise<void>;
  /** The destination of events that failed three times, or that no execution was free for in time. */
  readonly onFailure?: (event: Event, error: unknown) => void;
}

/** The repetitions of an asynchronous event whose function fails come after these. Milliseconds. */
const REPEATED_AFTER_MS = [60_000, 120_000] as const;

/** The longest that an event may wait (`triggers.ts`). Milliseconds. */
const LONGEST_QUEUED_MS = 15 * 60_000;

interface QueuedEvent<Event> {
  readonly event: Event;
  readonly requestId: string;
  readonly queuedAt: number;
  readonly failures: number;
}

export class SimulatedFunction<Event> {
  running = 0;
  peakRunning = 0;
  invocations = 0;
  private readonly options: FunctionOptions<Event>;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly scaling: TokenBucket;

  constructor(options: FunctionOptions<Event>) {
    this.options = options;
    const atOnce = platform.newEnvironmentsPerTenSeconds.value;
    this.scaling = new TokenBucket({ ratePerSecond: atOnce / 10, burst: atOnce });
  }

  /** A synchronous invocation. @returns whether an execution was free. */
  async invoke(event: Event): Promise<boolean> {
    if (!this.mayBegin()) return false;
    await this.run(event, 'synchronous');
    return true;
  }

  /** Puts an event into the function's queue. */
  enqueue(event: Event): void {
    const { clock, asyncStart } = this.options;
    this.invocations += 1;
    const queued = {
      event,
      requestId: `request-${this.invocations}`,
      queuedAt: clock.now(),
      failures: 0,
    };
    clock.at(clock.now() + asyncStart(), () => void this.begin(queued, 0));
  }

  private async begin(queued: QueuedEvent<Event>, refusals: number): Promise<void> {
    const { clock, onFailure } = this.options;
    if (!this.mayBegin()) return this.wait(queued, refusals);
    try {
      await this.run(queued.event, queued.requestId);
    } catch (error) {
      const pause = REPEATED_AFTER_MS[queued.failures];
      if (pause === undefined) return onFailure?.(queued.event, error);
      const next = { ...queued, failures: queued.failures + 1 };
      clock.at(clock.now() + pause, () => void this.begin(next, 0));
    }
  }

  /** An event that finds no execution is tried again after a pause that doubles. */
  private wait(queued: QueuedEvent<Event>, refusals: number): void {
    const { clock, pool, onFailure } = this.options;
    const pause = Math.min(
      platform.throttledEventLongestPauseMs.value,
      platform.throttledEventPauseMs.value * 2 ** refusals,
    );
    if (clock.now() + pause - queued.queuedAt > LONGEST_QUEUED_MS) {
      onFailure?.(queued.event, undefined);
      return;
    }
    // Events behind a reservation take nothing from others while they wait.
    const takesPool = !this.isFull;
    if (takesPool) pool.waiting += 1;
    pool.noteWanted();
    clock.at(clock.now() + pause, () => {
      if (takesPool) pool.waiting -= 1;
      void this.begin(queued, refusals + 1);
    });
  }

  private get isFull(): boolean {
    return this.running >= (this.options.reserved ?? Number.POSITIVE_INFINITY);
  }

  private mayBegin(): boolean {
    const { pool, clock } = this.options;
    if (this.isFull || pool.isFull) return false;
    return this.idle.length > 0 || this.scaling.tryTake(clock.now());
  }

  private async run(event: Event, requestId: string): Promise<void> {
    const { clock, pool, coldStart, handler } = this.options;
    const warm = this.idle.pop();
    const environment = warm ?? new ExecutionEnvironment();
    this.running += 1;
    this.peakRunning = Math.max(this.peakRunning, this.running);
    pool.began();
    try {
      if (!warm) await clock.pause(coldStart());
      await handler(environment, event, requestId);
    } finally {
      this.running -= 1;
      pool.ended();
      this.idle.push(environment);
    }
  }
}
