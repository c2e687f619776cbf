/** Asynchronous invocations: an event is retried until it succeeds or is given up, and then its destination is invoked. */

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import type { EventInvokeConfig } from '../template/event-invoke-config.ts';
import { type Ending, invocationRecord, type QueuedEvent } from './invocation-record.ts';
import type { Outcome } from './outcome.ts';
import { afterFailure } from './retry-policy.ts';

/**
 * Lambda waits one minute and then two minutes, which is too long for a developer. Milliseconds.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const DEFAULT_RETRY_DELAYS_MS: readonly number[] = [1000, 2000];

export interface EventQueueOptions {
  readonly invoke: (functionName: string, event: unknown, requestId: string) => Promise<Outcome>;
  readonly configOf: (functionName: string) => EventInvokeConfig;
  readonly retryDelaysMs: readonly number[];
}

export class EventQueue {
  private readonly options: EventQueueOptions;
  private readonly unfinished = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(options: EventQueueOptions) {
    this.options = options;
    // Every wait adds a listener, and Node would report more than ten listeners as a leak.
    setMaxListeners(0, this.stopping.signal);
  }

  /** Queues an event. Returns the request id of all its attempts. */
  enqueue(functionName: string, event: unknown): string {
    const requestId = randomUUID();
    const processing = this.process({ functionName, event, requestId, queuedAt: Date.now() });
    this.unfinished.add(processing);
    void processing.finally(() => this.unfinished.delete(processing));
    return requestId;
  }

  /** The number of events that are queued, running or waiting for a retry. */
  get size(): number {
    return this.unfinished.size;
  }

  /** Settles when no event is queued, running or waiting, including the events for destinations. */
  async idle(): Promise<void> {
    while (this.unfinished.size > 0) await Promise.all(this.unfinished);
  }

  /** Drops all waiting events and starts no retry. Running attempts end with their functions. */
  stop(): void {
    this.stopping.abort();
  }

  private async process(queued: QueuedEvent): Promise<void> {
    const { functionName, event, requestId, queuedAt } = queued;
    const { invoke, configOf, retryDelaysMs } = this.options;
    for (let attempts = 1; ; attempts++) {
      const outcome = await invoke(functionName, event, requestId);
      if (outcome.kind === 'result') return this.tell(queued, { condition: 'Success', attempts, outcome });
      const failed = { attempts, ageMs: Date.now() - queuedAt };
      const verdict = afterFailure(failed, configOf(functionName), retryDelaysMs);
      if (verdict.kind === 'discard')
        return this.tell(queued, { condition: verdict.condition, attempts, outcome });
      if (!(await this.waited(verdict.delayMs))) return;
    }
  }

  /** A destination is invoked asynchronously as well. It has its own retries and destinations. */
  private tell(queued: QueuedEvent, ending: Ending): void {
    if (this.stopping.signal.aborted) return;
    const { onSuccess, onFailure } = this.options.configOf(queued.functionName);
    const destination = ending.condition === 'Success' ? onSuccess : onFailure;
    if (destination !== undefined) this.enqueue(destination, invocationRecord(queued, ending));
  }

  /** Returns true when the time has passed, and false if the queue is stopped. */
  private async waited(delayMs: number): Promise<boolean> {
    return after(delayMs, true, { signal: this.stopping.signal }).catch(() => false);
  }
}
