/** The promises that hold in every run, in each order of steps and after each crash. */

import type { Observations, Seen } from './world.ts';

type Invariant = (observed: Observations) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'nobody gets an error': ({ failures }) => failures.length === 0,
  'the numbers are consecutive': ({ final, ...run }) => isConsecutive(final, kept(run)),
  'all readers agree with what stands in the end': ({ readings, final, ...run }) =>
    readings.every((reading) => isConsecutive(reading, kept(run)) && agrees(reading, final)),
  'a reader of a part of the log, in either direction, sees what stands in the end': ({
    looks,
    final,
    begin,
  }) =>
    looks.every((look) => {
      const published = new Map([...look].filter(([seq]) => seq > begin));
      return isConsecutive(look, undefined) && agrees(published, final);
    }),
  'an acknowledged message stands at its number': ({ acknowledged, final }) =>
    acknowledged.every(({ seq, draft }) => final.get(seq) === draft.data),
  'a key lands once': ({ final }) => {
    const messages = [...final.values()].filter((data) => data !== 'void');
    return new Set(messages).size === messages.length;
  },
  'all replies to one key of one sender name one number': ({ acknowledged }) =>
    acknowledged.every((one) =>
      acknowledged.every(
        (other) =>
          one.draft.key === undefined ||
          one.draft.key !== other.draft.key ||
          one.sender !== other.sender ||
          one.seq === other.seq,
      ),
    ),
  'what was sent live is what stands at that number': ({ subscriptions, final }) =>
    subscriptions.every(({ live }) => agrees(live, final)),
  'a subscriber is sent a message twice at most': ({ subscriptions, final }) =>
    subscriptions.every(({ arrivals }) =>
      arrivals.every(
        (seq) => final.get(seq) === 'void' || arrivals.filter((other) => other === seq).length <= 2,
      ),
    ),
  'a reply is recovered unless messages have expired': ({ subscriptions, past }) =>
    subscriptions.every(
      ({ recovered }) => recovered === undefined || recovered === (past !== 'a message that expired'),
    ),
  'a reply that is recovered holds everything up to its head, and any other nothing': (observed) =>
    observed.subscriptions.every(({ head, recovered, replayed, newest }) => {
      const { begin, final } = observed;
      if (newest) return true;
      const due = recovered ? Math.max(head - begin, 0) : 0;
      return isConsecutive(replayed, begin) && replayed.size === due && agrees(replayed, final);
    }),
  'a reply with the newest messages has as many as are kept, and all from the first of them to its head': ({
    subscriptions,
    begin,
    final,
    past,
  }) =>
    subscriptions.every(({ head, replayed, newest }) => {
      if (!newest) return true;
      const { last, after } = newest;
      const oldest = past === 'a message' ? begin - 1 : begin;
      const published = new Map([...replayed].filter(([seq]) => seq > begin));
      const expected = head === 0 ? 0 : Math.max(head - last, oldest);
      // Below the oldest kept message, a number of a slow writer cannot be told from one whose message has expired.
      const isLater = past === 'a message that expired' && after > expected && after <= head;
      return (
        (isLater || after === expected) &&
        replayed.size === head - after &&
        isConsecutive(replayed, after) &&
        agrees(published, final)
      );
    }),
  'without a crash, a subscriber is told of each number before the last one that it has seen': (observed) =>
    observed.hasCrashed ||
    observed.subscriptions.every(({ head, live }) => {
      const last = Math.max(head, ...live.keys());
      return range(Math.max(head, observed.begin) + 1, last).every((n) => live.has(n));
    }),
  'a subscriber gets every acknowledged message, by its reply or live': ({ subscriptions, acknowledged }) =>
    subscriptions.every(({ head, recovered, replayed, newest, live }) =>
      acknowledged.every(
        ({ seq }) => !(recovered || seq > (newest?.after ?? head)) || replayed.has(seq) || live.has(seq),
      ),
    ),
};

/** @throws Error with the broken invariant and the order of the run. */
export function check(observed: Observations): void {
  const broken = Object.entries(invariants).find(([, holds]) => !holds(observed));
  if (!broken) return;
  const order = observed.order.map((option) =>
    option.kind === 'crash' ? `${option.process} crashes` : `${option.process} ${option.label}`,
  );
  throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}. ${observed.failures.join()}`);
}

/** The position at which readers from 0 begin: the first number, or the first record that has not expired. */
function kept({ past, begin }: Pick<Observations, 'past' | 'begin'>): number | undefined {
  return past === 'a message that expired' ? undefined : begin;
}

/** Begins right after the number, if there is one, and has no gap. */
function isConsecutive(seen: Seen, after: number | undefined): boolean {
  const numbers = [...seen.keys()];
  const begin = after ?? (numbers[0] ?? 0) - 1;
  return numbers.every((seq, index) => seq === begin + 1 + index);
}

function agrees(seen: Seen, final: Seen): boolean {
  return [...seen].every(([seq, data]) => final.get(seq) === data);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
