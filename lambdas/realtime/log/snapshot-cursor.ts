/** Where the next page of a snapshot begins: at a number of the log, or behind a name. Clients pass it on as a text. */

import { ProtocolError } from 'fanfare-protocol/errors';

export interface SnapshotCursor {
  /** The first number that was settled for this snapshot. The log tells the values from there to the head. */
  readonly first: number;
  /** The head when the first page was read. */
  readonly head: number;
  /** The rest of the log from a number on, and all names after it; or the names behind one, all for the empty one. */
  readonly from: { readonly seq: number } | { readonly name: string };
}

const FORM = /^(?<first>\d{1,16})\.(?<head>\d{1,16})(?:\.(?<seq>\d{1,16})|\/(?<name>[\s\S]*))$/;

export function cursorText({ first, head, from }: SnapshotCursor): string {
  return `${first}.${head}${'seq' in from ? `.${from.seq}` : `/${from.name}`}`;
}

/**
 * A client may write a cursor of its own. It reads with its own right, and seals nothing, so it harms only itself.
 *
 * @throws ProtocolError `bad-request`.
 */
export function parseCursor(text: string): SnapshotCursor {
  const { first, head, seq, name = '' } = FORM.exec(text)?.groups ?? {};
  if (first === undefined || head === undefined)
    throw new ProtocolError('bad-request', 'cursor must be the next of a page before.');
  const from = seq === undefined ? { name } : { seq: Number(seq) };
  return { first: Number(first), head: Number(head), from };
}
