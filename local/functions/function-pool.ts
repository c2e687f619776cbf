/**
 * The execution environments of one function. Like Lambda, an environment handles one event at a time and is reused;
 * unlike Lambda, there is a cap, and events beyond it wait their turn.
 */

import { ExecutionEnvironment, type FunctionSpec } from './execution-environment.ts';
import { EXITED, failureText, type Outcome } from './outcome.ts';

/** Enough to run things at the same time, few enough for a laptop: each one loads the SDK. */
export const DEFAULT_ENVIRONMENTS = 4;

export interface PoolOptions {
  readonly maxEnvironments: number;
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
  private readonly waiting: Turn[] = [];
  private stopped = false;

  constructor(spec: FunctionSpec, options: PoolOptions) {
    this.spec = spec;
    this.options = options;
  }

  /** @param requestId A new one, unless its caller has one. */
  async invoke(event: unknown, requestId?: string): Promise<Outcome> {
    const environment = await this.acquire();
    if (!environment) return { kind: 'died', errorType: EXITED, message: `${this.spec.name} is stopped.` };
    const outcome = await environment.invoke(event, requestId);
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
    for (const proceed of this.waiting.splice(0)) proceed(undefined);
  }

  private async acquire(): Promise<ExecutionEnvironment | undefined> {
    if (this.stopped) return undefined;
    const free =
      this.idle.pop() ?? (this.busy.size < this.options.maxEnvironments ? this.start() : undefined);
    return free ? this.occupy(free) : new Promise((proceed) => this.waiting.push(proceed));
  }

  private release(environment: ExecutionEnvironment, alive: boolean): void {
    this.busy.delete(environment);
    const reusable = alive && !this.stopped && environment.spec === this.spec;
    if (!reusable) environment.kill('Retired.');
    const proceed = this.waiting.shift();
    if (proceed) proceed(this.occupy(reusable ? environment : this.start()));
    else if (reusable) this.idle.push(environment);
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
