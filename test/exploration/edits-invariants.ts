/** The promises of edits and deletions that hold in every run, in each order of steps and after each crash. */

import { isEdit, isMessage } from '../../lambdas/realtime/log/log-store.ts';
import type { Acknowledged, Observations, Reading, Seen } from './edits-world.ts';

type Invariant = (observed: Observations) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'no process gets an error, but an edit of a deleted message': ({ failures, refused, ...observed }) =>
    failures.length === 0 &&
    refused.every(({ code, place }) => code === 'not-found' && isDeleted(place, observed)),
  'an acknowledged edit stands at its number': ({ acknowledged, stored, originals }) =>
    acknowledged.every(({ seq, place }) =>
      stored.some((one) => one.seq === seq && isEdit(one) && one.replaces === originals[place]?.seq),
    ),
  'an acknowledged deletion is the last change of its message': ({ acknowledged, edits, originals }) =>
    acknowledged.every(
      ({ seq, data, place }) =>
        data !== undefined || edits.every((one) => one.replaces !== originals[place]?.seq || one.seq <= seq),
    ),
  'a change is written once for its key': ({ edits, acknowledged }) => {
    const texts = edits.filter(({ removed }) => !removed).map(({ data }) => data);
    return (
      new Set(texts).size === texts.length &&
      acknowledged.every((one) =>
        acknowledged.every((other) => one.process !== other.process || one.seq === other.seq),
      )
    );
  },
  'a message has the content of its edit with the greatest number': ({ originals, last, ...observed }) =>
    originals.every((original) => {
      const found = last.records.find(({ seq }) => seq === original.seq);
      return !found || isSame(found, finalOf(original, observed));
    }),
  'the table has no content of a deleted message': ({ originals, edits, stored }) =>
    originals.every((original) => {
      const own = edits.filter(({ replaces }) => replaces === original.seq);
      if (!own.some(({ removed }) => removed)) return true;
      const texts = new Set([original.data, ...own.map(({ data }) => data)]);
      return stored.every((one) => !isMessage(one) || one.data === null || !texts.has(one.data));
    }),
  'an edit has no content of its own in the table': ({ stored }) =>
    stored.every((one) => !isEdit(one) || one.data === null),
  'readers agree on which numbers are void': ({ readings, subscribers, last }) =>
    [...readings, ...subscribers].every(({ records }) =>
      records.every((one) => {
        const found = last.records.find(({ seq }) => seq === one.seq);
        return !found || found.void === one.void;
      }),
    ),
  'a reader sees only content that was written, and none that is older than the number beside it': (
    observed,
  ) =>
    [...observed.readings, ...observed.subscribers, observed.last].every(({ records }) =>
      records.every((record) => isTrue(record, observed)),
    ),
  'a reader sees every change that was acknowledged before it began': (observed) =>
    [...observed.readings, ...observed.subscribers, observed.last].every((reading) =>
      reading.known.every((one) => isKnown(one, reading, observed)),
    ),
  'a live edit has its own content, and one that is sent again perhaps that of a later one': (observed) =>
    observed.subscribers.every(({ live }) => live.every((record) => isTrue(record, observed))),
  'a subscriber hears of every acknowledged change': ({ subscribers, acknowledged }) =>
    subscribers.every(({ head, recovered, records, live }) => {
      const numbers = new Set([...records, ...live].map(({ seq }) => seq));
      return acknowledged.every(({ seq }) => numbers.has(seq) || (!recovered && seq <= head));
    }),
  'a subscriber who has all numbers ends with the newest content': ({ subscribers, last, ...observed }) =>
    subscribers.every(({ records, live }) => {
      const own = [...records, ...live];
      const numbers = new Set(own.map(({ seq }) => seq));
      const fetched = last.records.filter(({ seq }) => !numbers.has(seq));
      return observed.originals.every((original) => {
        if (!numbers.has(original.seq)) return true;
        return isSame(folded(original.seq, [...own, ...fetched]), finalOf(original, observed));
      });
    }),
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

/** A message's content, and the number of the change that it comes from. */
interface Content {
  readonly version: number;
  readonly data: unknown;
}

type Written = Pick<Observations, 'edits'>;

function finalOf({ seq, data }: Observations['originals'][number], { edits }: Written): Content {
  const own = edits.filter(({ replaces }) => replaces === seq).toSorted((one, other) => one.seq - other.seq);
  const newest = own.at(-1);
  return newest ? { version: newest.seq, data: newest.data } : { version: 0, data };
}

function isDeleted(place: number, { originals, edits }: Pick<Observations, 'originals' | 'edits'>): boolean {
  return edits.some(({ replaces, removed }) => removed && replaces === originals[place]?.seq);
}

/** What a client shows of a message: of all that it was told, the greatest number counts. */
function folded(original: number, records: readonly Seen[]): Content {
  const told = records.flatMap(({ seq, replaces, edited, data }): Content[] => {
    if (seq === original) return [{ version: edited ?? 0, data: data ?? null }];
    return replaces === original ? [{ version: seq, data: data ?? null }] : [];
  });
  return told.toSorted((one, other) => one.version - other.version).at(-1) ?? { version: -1, data: null };
}

function isSame(found: Seen | Content, { version, data }: Content): boolean {
  const own = 'version' in found ? found : { version: found.edited ?? 0, data: found.data ?? null };
  return own.version === version && own.data === data;
}

/** An original has the content of the edit that it names. An edit has its own content, or that of a later edit, or none any more. */
function isTrue(record: Seen, { originals, edits }: Pick<Observations, 'originals' | 'edits'>): boolean {
  const { seq, replaces, edited, data = null } = record;
  const original = originals.find((one) => one.seq === (replaces ?? seq));
  if (!original || record.void) return true;
  if (replaces === undefined && edited === undefined) return data === original.data;
  const least = replaces === undefined ? edited : seq;
  return edits.some(
    (one) =>
      one.replaces === original.seq &&
      one.data === data &&
      (replaces === undefined ? one.seq === least : one.seq >= seq),
  );
}

function isKnown({ place, seq }: Acknowledged, { records }: Reading, observed: Observations): boolean {
  const original = observed.originals[place]?.seq ?? 0;
  const found = records.find((one) => one.seq === original);
  // An expired message is not served, but its edit is.
  const isServed = !found || (found.edited ?? 0) >= seq;
  return isServed && records.some((one) => one.seq === seq && one.replaces === original);
}
