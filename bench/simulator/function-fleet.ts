/** Simulates asynchronous invocations of one function: Lambda's queue, its environments, and their limits. */

import { TokenBucket } from '../../packages/local/src/gateway/token-bucket.ts';
import { platform } from './assumptions.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { Tally } from './tally.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface FleetOptions<Event> {
  readonly clock: VirtualClock;
  readonly tally: Tally;
  /** Environments that may run at once. */
  readonly concurrency: number;
  /** Milliseconds in the queue. */
  readonly asyncStart: () => number;
  /** Milliseconds until a new environment is ready; billed (PX-6). */
  readonly coldStart: () => number;
  readonly handler: (environment: ExecutionEnvironment, event: Event, requestId: string) => Promise<void>;
}

export class FunctionFleet<Event> {
  private readonly options: FleetOptions<Event>;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly scaling: TokenBucket;
  private requests = 0;

  constructor(options: FleetOptions<Event>) {
    this.options = options;
    const atOnce = platform.newEnvironmentsPerTenSeconds.value;
    this.scaling = new TokenBucket({ ratePerSecond: atOnce / 10, burst: atOnce });
  }

  /** Puts an event into the queue. */
  enqueue(event: Event): void {
    const { clock, asyncStart } = this.options;
    this.requests += 1;
    const requestId = `request-${this.requests}`;
    clock.at(clock.now() + asyncStart(), () => this.begin(event, requestId, 0));
  }

  private begin(event: Event, requestId: string, refusals: number): void {
    const { clock, tally, coldStart } = this.options;
    const warm = this.idle.pop();
    if (!warm && !this.mayScale()) {
      tally.starved();
      const pause = platform.throttledEventPauseMs.value * 2 ** refusals;
      const at = clock.now() + Math.min(platform.throttledEventLongestPauseMs.value, pause);
      clock.at(at, () => this.begin(event, requestId, refusals + 1));
      return;
    }
    const begunAt = clock.now();
    tally.began(!warm);
    if (warm) void this.run(warm, event, requestId, begunAt);
    else {
      const environment = new ExecutionEnvironment();
      clock.at(begunAt + coldStart(), () => void this.run(environment, event, requestId, begunAt));
    }
  }

  /** An event that the quota refuses does not count for the scaling rate. */
  private mayScale(): boolean {
    const { clock, tally, concurrency } = this.options;
    return tally.running < concurrency && this.scaling.tryTake(clock.now());
  }

  private async run(
    environment: ExecutionEnvironment,
    event: Event,
    requestId: string,
    begunAt: number,
  ): Promise<void> {
    const { clock, tally, handler } = this.options;
    await handler(environment, event, requestId);
    tally.ended(clock.now() - begunAt);
    this.idle.push(environment);
  }
}
