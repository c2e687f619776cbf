/** What must hold in every run, whatever the order and whoever crashed. */

import { type Observations, POSITION, type Seen } from './world.ts';

type Invariant = (observed: Observations) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'nobody gets an error': ({ failures }) => failures.length === 0,
  'the numbers are consecutive': ({ final }) => isConsecutive(final),
  'all readers agree with what stands in the end': ({ readings, final }) =>
    readings.every((reading) => isConsecutive(reading) && agrees(reading, final)),
  'an acknowledged message stands at its number': ({ acknowledged, final }) =>
    acknowledged.every(({ seq, last }) => final.get(seq) === last.data),
  'a key lands once': ({ final }) => {
    const messages = [...final.values()].filter((data) => data !== 'void');
    return new Set(messages).size === messages.length;
  },
  'all replies to one key of one sender name one number': ({ acknowledged }) =>
    acknowledged.every((one) =>
      acknowledged.every(
        (other) =>
          one.last.key === undefined ||
          one.last.key !== other.last.key ||
          one.sender !== other.sender ||
          one.seq === other.seq,
      ),
    ),
  'what was sent live is what stands at that number': ({ subscriptions, final }) =>
    subscriptions.every(({ live }) => agrees(live, final)),
  'a subscriber is sent a message twice at most': ({ subscriptions }) =>
    subscriptions.every(({ arrivals }) =>
      arrivals.every((seq) => arrivals.filter((other) => other === seq).length <= 2),
    ),
  'a reply holds everything up to its head': ({ subscriptions, final }) =>
    subscriptions.every(
      ({ head, replayed }) =>
        isConsecutive(replayed) && replayed.size === head - POSITION && agrees(replayed, final),
    ),
  'a subscriber gets every acknowledged message, by its reply or live': ({ subscriptions, acknowledged }) =>
    subscriptions.every(({ replayed, live }) =>
      acknowledged.every(({ seq, count }) =>
        range(seq - count + 1, seq).every((n) => replayed.has(n) || live.has(n)),
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
  throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}`);
}

/** Begins right after the position and has no gap. */
function isConsecutive(seen: Seen): boolean {
  const numbers = [...seen.keys()];
  return numbers.every((seq, index) => seq === POSITION + 1 + index);
}

function agrees(seen: Seen, final: Seen): boolean {
  return [...seen].every(([seq, data]) => final.get(seq) === data);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
