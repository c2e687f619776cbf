/** Passes the records of one lane of a stream to a function, batch after batch. No record overtakes a failed one. */

import { setTimeout as after } from 'node:timers/promises';
import type { StreamRecord } from '../dynamodb/stream-record.ts';
import type { Outcome } from '../functions/outcome.ts';
import type { EventSourceModel } from '../template/event-source-model.ts';
import { type Aged, afterAttempt, type Batch, withoutExpired } from './batch-policy.ts';
import { batchResult } from './batch-response.ts';

/** The largest payload of a synchronous invocation. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_BYTES = 6 * 1024 * 1024;

/** The reasons for giving records up, as parts of a sentence. */
const OUT_OF_RETRIES = 'have used up their retries';
const TOO_OLD = 'are too old';

export interface ReaderOptions {
  readonly mapping: EventSourceModel;
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  /** The waits before the first retry, the second and so on. The last one holds for all later retries. */
  readonly retryDelaysMs: readonly number[];
  /** Gets a sentence about the records that are given up. */
  readonly onNote: (sentence: string) => void;
  /** Aborted when the runtime stops. */
  readonly stopping: AbortSignal;
}

interface Waiting extends Aged {
  readonly record: StreamRecord;
  readonly bytes: number;
}

export class LaneReader {
  private readonly options: ReaderOptions;
  private readonly queue: Waiting[] = [];
  private queuedBytes = 0;
  private running: Promise<void> | undefined;
  private endWindow: () => void = () => {};

  constructor(options: ReaderOptions) {
    this.options = options;
    options.stopping.addEventListener('abort', () => this.endWindow());
  }

  put(record: StreamRecord): void {
    // The record would never be processed, and `idle` would never settle.
    if (this.options.stopping.aborted) return;
    const bytes = Buffer.byteLength(JSON.stringify(record));
    this.queue.push({ record, bytes, at: Date.now() });
    this.queuedBytes += bytes;
    if (this.isFull()) this.endWindow();
    this.running ??= this.run();
  }

  /** Settles when the queue is empty. `undefined` if it is empty already. */
  get work(): Promise<void> | undefined {
    return this.running;
  }

  private async run(): Promise<void> {
    const { stopping } = this.options;
    while (this.queue.length > 0 && !stopping.aborted) {
      await this.window();
      if (!stopping.aborted) await this.workOff(this.takeBatch());
    }
    // In the same turn as the check of the queue, so that no record is put into a reader that has just stopped.
    this.running = undefined;
  }

  /** Waits for a full batch, at most for the batching window of the mapping. */
  private async window(): Promise<void> {
    const { mapping } = this.options;
    // The records of one write come in one batch, also without a window.
    await Promise.resolve();
    if (mapping.batchingWindowMs === 0 || this.isFull()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, mapping.batchingWindowMs);
      this.endWindow = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private isFull(): boolean {
    return this.queue.length >= this.options.mapping.batchSize || this.queuedBytes >= PAYLOAD_BYTES;
  }

  private takeBatch(): Waiting[] {
    const { batchSize } = this.options.mapping;
    let bytes = 0;
    const end = this.queue.findIndex((waiting, index) => {
      bytes += waiting.bytes;
      return index > 0 && (index >= batchSize || bytes > PAYLOAD_BYTES);
    });
    const taken = this.queue.splice(0, end < 0 ? this.queue.length : end);
    this.queuedBytes -= taken.reduce((total, waiting) => total + waiting.bytes, 0);
    return taken;
  }

  /** Tries the records until each one is done or given up. */
  private async workOff(items: readonly Waiting[]): Promise<void> {
    const { mapping, retryDelaysMs, stopping } = this.options;
    const pending: Batch<Waiting>[] = [{ items, attempts: 0 }];
    let failures = 0;
    for (let batch = pending.shift(); batch; batch = pending.shift()) {
      const { fresh, expired } = withoutExpired(batch.items, Date.now(), mapping.maximumRecordAgeMs);
      this.discard(expired, TOO_OLD);
      if (fresh.length === 0) continue;
      const tried = { ...batch, items: fresh };
      const { next, discarded } = afterAttempt(tried, await this.attempt(tried), mapping);
      if (stopping.aborted) return;
      this.discard(discarded, OUT_OF_RETRIES);
      pending.unshift(...next);
      if (next.length === 0) continue;
      const delayMs = retryDelaysMs[failures] ?? retryDelaysMs.at(-1) ?? 0;
      failures += 1;
      if (!(await after(delayMs, true, { signal: stopping }).catch(() => false))) return;
    }
  }

  private async attempt({ items }: Batch<Waiting>) {
    const { mapping, invoke } = this.options;
    const records = items.map(({ record }) => record);
    const outcome = await invoke(mapping.functionName, { Records: records });
    const sequenceNumbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    return batchResult(outcome, sequenceNumbers, mapping.reportsItemFailures);
  }

  private discard(items: readonly Waiting[], reason: string): void {
    if (items.length === 0) return;
    const { mapping, onNote } = this.options;
    const given = `${mapping.name} gives up records of ${mapping.tableName}, which ${reason}: ${items.length} of them, unseen by ${mapping.functionName}.`;
    onNote(mapping.failureQueue === undefined ? given : `${given} ${putAside(items, mapping.failureQueue)}`);
  }
}

/** Lambda's message to the queue does not contain the records, only their positions in the stream. */
function putAside(items: readonly Waiting[], queue: string): string {
  const numbers = items.map(({ record }) => record.dynamodb.SequenceNumber);
  return `On AWS the queue ${queue} would be told so: sequence numbers ${numbers[0]} to ${numbers.at(-1)}.`;
}
