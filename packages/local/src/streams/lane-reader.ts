/** Hands the records of one lane of a stream to a function: batch after batch, and nothing overtakes what has failed. */

import { setTimeout as after } from 'node:timers/promises';
import type { StreamRecord } from '../dynamodb/stream-record.ts';
import type { Outcome } from '../functions/outcome.ts';
import type { EventSourceModel } from '../template/event-source-model.ts';
import { type Aged, afterAttempt, type Batch, withoutExpired } from './batch-policy.ts';
import { batchResult } from './batch-response.ts';

/** What a synchronous invocation takes. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_BYTES = 6 * 1024 * 1024;

/** Why records are given up, in the words of a sentence. */
const OUT_OF_RETRIES = 'have used up their retries';
const TOO_OLD = 'are too old';

export interface ReaderOptions {
  readonly mapping: EventSourceModel;
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  /** How long a batch that failed waits for its first retry, the second, …; the last one holds for those after it. */
  readonly retryDelaysMs: readonly number[];
  /** Told in a sentence what is given up. */
  readonly onNote: (sentence: string) => void;
  /** Aborted when everything ends. */
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
    // It would never be worked off, and whoever waits for that would wait for ever.
    if (this.options.stopping.aborted) return;
    const bytes = Buffer.byteLength(JSON.stringify(record));
    this.queue.push({ record, bytes, at: Date.now() });
    this.queuedBytes += bytes;
    if (this.isFull()) this.endWindow();
    this.running ??= this.run();
  }

  /** Settles when there was nothing left for a moment; `undefined` if there is nothing. */
  get work(): Promise<void> | undefined {
    return this.running;
  }

  private async run(): Promise<void> {
    const { stopping } = this.options;
    while (this.queue.length > 0 && !stopping.aborted) {
      await this.window();
      if (!stopping.aborted) await this.workOff(this.takeBatch());
    }
    // In the same turn as the look at the queue, so that no record finds a reader that has just stopped.
    this.running = undefined;
  }

  /** Records may gather until there are enough, or for as long as the mapping allows. */
  private async window(): Promise<void> {
    const { mapping } = this.options;
    // Those of one write come together, whatever the window.
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

  /** Until each of the records is done or given up. */
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

/** What Lambda would send: no record, but where it is in the stream for as long as that keeps it. */
function putAside(items: readonly Waiting[], queue: string): string {
  const numbers = items.map(({ record }) => record.dynamodb.SequenceNumber);
  return `On AWS the queue ${queue} would be told so: sequence numbers ${numbers[0]} to ${numbers.at(-1)}.`;
}
