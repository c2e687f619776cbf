/** The promises of values that hold in every run, in each order of steps and after each crash. */

import type { ValueRecord } from '../../lambdas/realtime/log/value-store.ts';
import type { Observations, Subscriber } from './values-world.ts';

type Invariant = (observed: Observations) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'no process gets an error': ({ failures }) => failures.length === 0,
  'an acknowledged message stands at its number': ({ acknowledged, log }) =>
    acknowledged.every(({ seq, draft }) =>
      log.some((one) => one.seq === seq && one.name === draft.name && one.data === (draft.data ?? null)),
    ),
  'a key lands once': ({ log }) => {
    const keyed = log.map(({ data }) => data).filter((data) => String(data).startsWith('keyed'));
    return new Set(keyed).size === keyed.length;
  },
  'a snapshot and what follows are the fold of the log, for every reader': (observed) =>
    [...observed.subscribers, observed.last].every(({ head, values }) => {
      const following = observed.log.filter(({ seq }) => seq > head);
      return isEqual(foldOf([...values, ...following], observed), foldOf(observed.log, observed));
    }),
  'a snapshot has only messages of the log': ({ subscribers, last, log }) =>
    [...subscribers, last].every(({ values }) =>
      values.every((value) => log.some((one) => one.seq === value.seq && isSame(one, value))),
    ),
  'a subscriber knows of each acknowledged message, or of a newer one of its name': ({
    subscribers,
    acknowledged,
    ...observed
  }) => subscribers.every((reader) => acknowledged.every((one) => knows(reader, one, observed))),
  'a message with ifSeq follows the message that it names': ({ acknowledged, ...observed }) =>
    acknowledged.every(
      ({ seq, draft, wanted }) =>
        wanted === undefined || isMet(wanted, before(observed.log, draft.name, seq), seq, observed),
    ),
  'no two messages have won with the same ifSeq': ({ acknowledged }) => {
    const won = acknowledged.filter(({ wanted = 0 }) => wanted > 0);
    return won.every(({ seq, draft, wanted }) =>
      won.every((other) => other.wanted !== wanted || other.draft.name !== draft.name || other.seq === seq),
    );
  },
  'a conflict names a message of the log, and not the wanted one': ({ conflicts, log }) =>
    conflicts.every(({ current, wanted, draft }) =>
      current === null
        ? wanted !== 0
        : current.seq !== wanted && log.some((one) => one.seq === current.seq && one.name === draft.name),
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

type Fold = ReadonlyMap<string, number>;

/** The number of the newest message of each name that has a value. */
function foldOf(messages: readonly ValueRecord[], { oldest }: Pick<Observations, 'oldest'>): Fold {
  const newest = new Map<string, ValueRecord>();
  for (const message of messages)
    if (message.seq > (newest.get(message.name)?.seq ?? 0)) newest.set(message.name, message);
  const kept = [...newest].filter(([, { removed, time }]) => !removed && time > oldest);
  return new Map(kept.map(([name, { seq }]) => [name, seq]));
}

function isEqual(one: Fold, other: Fold): boolean {
  return one.size === other.size && [...one].every(([name, seq]) => other.get(name) === seq);
}

function isSame(one: ValueRecord, other: ValueRecord): boolean {
  return one.name === other.name && one.data === other.data && one.removed === other.removed;
}

function knows(
  { head, values, live }: Subscriber,
  { seq, draft }: Observations['acknowledged'][number],
  { log, oldest }: Pick<Observations, 'log' | 'oldest'>,
): boolean {
  const known = [...values, ...live].some((one) => one.name === draft.name && one.seq >= seq);
  // What was removed or had expired before the snapshot leaves no trace in it.
  const newest = log.findLast((one) => one.name === draft.name && one.seq <= head);
  return known || (seq <= head && newest !== undefined && (newest.removed === true || newest.time <= oldest));
}

/** The messages of a name before a number, newest first. */
function before(log: readonly ValueRecord[], name: string, seq: number): readonly ValueRecord[] {
  return log.filter((one) => one.name === name && one.seq < seq).toReversed();
}

function isMet(
  wanted: number,
  [newest]: readonly ValueRecord[],
  seq: number,
  { log, oldest }: Pick<Observations, 'log' | 'oldest'>,
): boolean {
  if (!log.some((one) => one.seq === seq)) return false;
  if (wanted > 0) return newest?.seq === wanted;
  return !newest || newest.removed === true || newest.time <= oldest;
}
