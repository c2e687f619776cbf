/** The order of one channel in a stream: a pure policy over frames that may come out of order and more than once. */

export interface Numbered {
  readonly seq: number;
}

/** `gap`: some are missing, and the log has all of them up to this number. */
export type Arranged<Message> =
  | { readonly kind: 'ready'; readonly messages: readonly Message[] }
  | { readonly kind: 'gap'; readonly to: number };

/** The messages after a position, in order and each once. */
export function arrange<Message extends Numbered>(
  position: number,
  batch: readonly Message[],
): Arranged<Message> {
  const bySeq = new Map(batch.filter(({ seq }) => seq > position).map((message) => [message.seq, message]));
  const messages = [...bySeq.values()].toSorted((one, other) => one.seq - other.seq);
  const last = messages.at(-1)?.seq ?? position;
  return last - position === messages.length ? { kind: 'ready', messages } : { kind: 'gap', to: last };
}
