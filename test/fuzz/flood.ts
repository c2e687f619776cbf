/** Runs generated events, many at once, and records their outcomes, their faults, and the memory. */

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';

export interface Flood<Sent> {
  readonly events: fc.Arbitrary<Sent>;
  /** Runs one event and returns the name of its outcome. Throws an error for a fault. */
  readonly judge: (sent: Sent) => Promise<readonly string[]>;
  readonly seed: number;
  readonly count: number;
}

/** Bytes of live objects, and of the whole process. */
interface Memory {
  readonly heap: number;
  readonly resident: number;
}

export interface Books {
  readonly events: number;
  readonly seconds: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
  /** After the first quarter of the run, and at its end. */
  readonly memory: { readonly early: Memory; readonly late: Memory };
}

const LANES = 100;

/** The gateway waits no longer (29 s). */
const LONGEST_SECONDS = 29;

/** Generated at once. */
const CHUNK = 500;

/** As many faults as help to find the first one. */
const SHOWN = 10;

const SHOWN_CHARACTERS = 2_000;

export async function run<Sent>({ events, judge, seed, count }: Flood<Sent>): Promise<Books> {
  const outcomes = new Map<string, number>();
  const faults: string[] = [];
  const sent = generated(events, seed, count);
  const started = performance.now();

  async function lane(share: Iterable<Sent>): Promise<void> {
    for (const event of share) {
      try {
        for (const outcome of await inTime(judge(event)))
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      } catch (error) {
        if (faults.length < SHOWN)
          faults.push(`${error} <- ${JSON.stringify(event).slice(0, SHOWN_CHARACTERS)}`);
      }
      // Most events need no request to AWS. Without a pause, thousands of them would run before any answer is read.
      await nextTurn();
    }
  }

  /** Runs the next events to their end, and measures what they left in memory. */
  async function measured(events: number): Promise<Memory> {
    const share = take(sent, events);
    await Promise.all(Array.from({ length: LANES }, () => lane(share)));
    return memoryNow();
  }

  const early = await measured(count / 4);
  const late = await measured((count * 3) / 4);
  const seconds = (performance.now() - started) / 1000;
  return { events: count, seconds, outcomes: Object.fromEntries(outcomes), faults, memory: { early, late } };
}

/**
 * A busy machine keeps this process waiting for a processor. That time does not count: an event would be late without a fault.
 *
 * @throws Error when it takes longer than any function may.
 */
async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  const over = new AbortController();
  const started = secondsUsed();
  const late = (async () => {
    while (secondsUsed() - started < LONGEST_SECONDS) await sleep(1_000, undefined, { signal: over.signal });
    throw new Error('It took too long');
  })();
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}

/** Seconds in which this process was idle or had a processor. */
function secondsUsed(): number {
  const { user, system } = process.cpuUsage();
  return performance.eventLoopUtilization().idle / 1_000 + (user + system) / 1_000_000;
}

/** The same for the same seed. */
function* generated<Sent>(events: fc.Arbitrary<Sent>, seed: number, count: number): Generator<Sent> {
  for (let start = 0; start < count; start += CHUNK)
    yield* fc.sample(events, { seed: seed + start, numRuns: CHUNK });
}

/** The next `count` items. The iterator keeps the rest for the next call. */
function* take<Item>(items: Iterator<Item>, count: number): Generator<Item> {
  for (let taken = 0; taken < count; taken++) {
    const { value, done } = items.next();
    if (done) return;
    yield value;
  }
}

/** Collects twice, because the second collection can free objects that the first has finalized. */
async function memoryNow(): Promise<Memory> {
  if (!globalThis.gc) throw new Error('Memory can only be measured with --expose-gc');
  for (let time = 0; time < 2; time++) {
    await nextTurn();
    globalThis.gc();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, resident: rss };
}
