/** Messages and members as programs see them, in plain types: `actions.ts` has the schemas that check them. */

/** The fields of every message. */
interface Sent<Data> {
  /** Absent where the channel keeps no history. */
  seq?: number | undefined;
  data: Data;
  /** The sender's user id, from its token; absent for an anonymous sender. */
  from?: string | undefined;
  /** When the server accepted it. Milliseconds since 1970. */
  time: number;
  /** In namespaces with `values`: the name whose newest message this is, or was. */
  name?: string | undefined;
  /** The message removes the value of its name, or the message that it replaces; or it was deleted itself. `data` is `null`. */
  removed?: true | undefined;
}

/** A message as subscribers see it. `Data` is what its publishers send; nothing checks it. */
export interface Message<Data = unknown> extends Sent<Data> {
  /** In namespaces with `edit`: the `seq` of the message that this one replaces. */
  replaces?: number | undefined;
  /** In namespaces with `edit`: the `seq` of the newest message that replaces this one. `data` is what that one has. */
  edited?: number | undefined;
}

/** A message that is the value of a name. */
export interface NamedMessage<Data = unknown> extends Sent<Data> {
  seq: number;
  name: string;
}

/** A message as its sender wrote it, before the server adds sender and time. */
export interface Draft {
  /** Either this or `remove`. */
  data?: unknown;
  key?: string | undefined;
  /** In namespaces with `values`: the message becomes the value of this name. */
  name?: string | undefined;
  /** Publishes only if the newest message of the name has this number; `0`: only if the name has no value. Else `conflict`. */
  ifSeq?: number | undefined;
  /** Instead of `data`: removes the value of the name. */
  remove?: true | undefined;
}

/** A change of a message that was published. */
export interface Edit {
  /** The `seq` of the message. That of an edit stands for the message that it replaces. */
  seq: number;
  /** The new data. Either this or `remove`. */
  data?: unknown;
  /** Instead of `data`: deletes the message. */
  remove?: true | undefined;
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
