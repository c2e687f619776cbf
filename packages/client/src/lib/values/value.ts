/** The value of a name and its removal, as the application gets them. */

import type { Message, NamedMessage } from 'fanfare-protocol/message';
import { isFields } from '../wire/server-frame.ts';

/** The value of a name: the newest message with this name. `Data` is what its publishers send; nothing checks it. */
export interface Value<Data = unknown> {
  readonly name: string;
  readonly data: Data;
  /** The number of the message. `ifSeq` takes it. */
  readonly seq: number;
  /** The sender's user id, from its token; absent for an anonymous sender. */
  readonly from?: string | undefined;
  /** When the server accepted it. Milliseconds since 1970. */
  readonly time: number;
  readonly removed?: undefined;
}

/** The name has no value any more: a removal, or its value has expired. */
export interface Removal extends Omit<Value<null>, 'removed'> {
  readonly removed: true;
}

export type ValueChange<Data = unknown> = Value<Data> | Removal;

/** Whether a message or a field of a frame is the newest message of a name, or was. */
export function isNamed(value: unknown): value is NamedMessage {
  return isFields(value) && typeof value['name'] === 'string' && typeof value['seq'] === 'number';
}

export function changeOf({ name, seq, data, from, time, removed }: NamedMessage): ValueChange {
  const told = { name, seq, time, ...(from !== undefined && { from }) };
  return removed ? { ...told, data: null, removed } : { ...told, data };
}

/** What a message says about a name; `undefined` for a message without a name. */
export function changeIn(message: Message): ValueChange | undefined {
  return isNamed(message) ? changeOf(message) : undefined;
}
