/** Compares the promises with the messages that all members saw. */

import * as v from 'valibot';
import type { Seen, Sent } from './crowd.ts';

/** The log of a channel as a fresh reader finds it. A channel that could not be read has no log, and is not checked. */
export type Log = ReadonlyMap<number, unknown>;

/** What a subscription heard, from its position on. */
export type Heard = Omit<Seen, 'subscription'>;

/** A client, as far as the verdict asks. */
export interface Witness {
  readonly seen: readonly Heard[];
  readonly sent: readonly Sent[];
  readonly failures: readonly string[];
}

/** The messages that clients of the library saw. */
export interface Judgement {
  lost: number;
  twice: number;
  outOfOrder: number;
  divergent: number;
  refused: number;
}

const payload = v.object({ by: v.string(), n: v.number() });

export function nothingWrong(): Judgement {
  return { lost: 0, twice: 0, outOfOrder: 0, divergent: 0, refused: 0 };
}

export function judge(members: readonly Witness[], logs: ReadonlyMap<string, Log>): Judgement {
  const verdict = nothingWrong();
  for (const member of members) {
    verdict.refused += member.failures.length;
    for (const seen of member.seen) judgeSubscriber(seen, logs.get(seen.channel), verdict);
    for (const sent of member.sent) judgeSent(sent, logs.get(sent.channel), verdict);
  }
  for (const log of logs.values()) judgeLog(log, verdict);
  return verdict;
}

/** Each message behind the position came once, in order, and as it stands in the log. */
export function judgeSubscriber(
  { start, messages, lost }: Heard,
  log: Log | undefined,
  verdict: Judgement,
): void {
  if (!log) return;
  const expected = [...log.keys()].filter((seq) => seq > start);
  const seen = new Set(messages.map(({ seq }) => seq));
  verdict.twice += messages.length - seen.size;
  verdict.lost += expected.filter((seq) => !seen.has(seq)).length + lost.length;
  for (const [index, { seq, data }] of messages.entries()) {
    if (seq <= (messages[index - 1]?.seq ?? start)) verdict.outOfOrder += 1;
    if (JSON.stringify(log.get(seq)) !== JSON.stringify(data)) verdict.divergent += 1;
  }
}

/** An acknowledged message stands in the log, and at its number if the reply named one. */
function judgeSent({ seq, by, n }: Sent, log: Log | undefined, verdict: Judgement): void {
  if (!log) return;
  const data = JSON.stringify({ by, n });
  const stands =
    seq === undefined
      ? [...log.values()].some((one) => JSON.stringify(one) === data)
      : JSON.stringify(log.get(seq)) === data;
  if (!stands) verdict.lost += 1;
}

/** Every message of a publisher stands once, in the order in which it was published. */
function judgeLog(log: Log, verdict: Judgement): void {
  const last = new Map<string, number>();
  for (const data of log.values()) {
    const { by, n } = v.parse(payload, data);
    const before = last.get(by) ?? -1;
    if (n === before) verdict.twice += 1;
    else if (n < before) verdict.outOfOrder += 1;
    last.set(by, Math.max(n, before));
  }
}
