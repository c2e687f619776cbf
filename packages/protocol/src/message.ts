/** Messages and members as programs see them, in plain types: `actions.ts` has the schemas that check them. */

/** A message as subscribers see it. `Data` is what its publishers send; nothing checks it. */
export interface Message<Data = unknown> {
  /** Absent where the channel keeps no history. */
  seq?: number | undefined;
  data: Data;
  /** The sender's user id, from its token; absent for an anonymous sender. */
  from?: string | undefined;
  /** When the server accepted it. Milliseconds since 1970. */
  time: number;
}

/** A message as its sender wrote it, before the server adds sender and time. */
export interface Draft {
  data: unknown;
  key?: string | undefined;
}

/** A number that no message has, and no message will ever get: its writer died, and a reader sealed it. */
export interface VoidRecord {
  seq: number;
  void: true;
}

/** A user who is in a channel. */
export interface Member {
  user: string;
  /** The info of the user's token; absent if the token has none. */
  info?: unknown;
  /** Where the namespace has presence: rises with every `joined` and `left` of this user. Milliseconds since 1970. */
  at?: number | undefined;
}
