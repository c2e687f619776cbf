/**
 * The content of edits. It is stored in one place, the message that they replace, so that a deletion has one place to clear. An edit
 * therefore shows the newest content, also if another edit follows it.
 */

import { visitInFlight } from '../in-flight.ts';
import { type EditRecord, isEdit, isMessage, type LogRecord, type MessageRecord } from './log-store.ts';

/** What is stored at one number: a record, or the messages of a publish. */
export type Stored = readonly LogRecord[];

/** Small reads at the same time. */
const READS_IN_FLIGHT = 16;

/**
 * The same page, with content in its edits. A message of the page that has an edit of this number, or a later one, is read from the page.
 *
 * @param find reads what is stored with a number, strongly consistent.
 */
export async function withContents(
  page: readonly Stored[],
  find: (seq: number) => Promise<Stored | undefined>,
): Promise<readonly Stored[]> {
  const records = page.flat();
  const edits = records.filter(isEdit).filter(({ removed }) => !removed);
  if (edits.length === 0) return page;
  const known = new Map<number, MessageRecord>();
  const learn = (found: Stored) => {
    for (const record of found) if (isMessage(record)) known.set(record.seq, record);
  };
  learn(records);
  const isBehind = ({ seq, replaces }: EditRecord) => (known.get(replaces)?.edited ?? 0) < seq;
  const unread = new Set(edits.filter(isBehind).map(({ replaces }) => replaces));
  for (const seq of unread) known.delete(seq);
  await visitInFlight([...unread], READS_IN_FLIGHT, async (seq) => learn((await find(seq)) ?? []));
  return page.map((stored) => stored.map((record) => (isEdit(record) ? withContent(record, known) : record)));
}

/** A message that is not stored any more has expired, and so have its edits. */
function withContent(edit: EditRecord, known: ReadonlyMap<number, MessageRecord>): EditRecord {
  const original = known.get(edit.replaces);
  if (edit.removed || !original || original.removed) return { ...edit, data: null, removed: true };
  return { ...edit, data: original.data };
}
