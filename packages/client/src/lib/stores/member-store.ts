/** What a component shows of the members of a channel. */

import type { Connection } from '../connection.ts';
import type { FanfareError } from '../wire/errors.ts';
import type { Member } from '../wire/server-frame.ts';
import type { ConnectionStore } from './connection-store.ts';
import { Store } from './store.ts';

/** What `useMembers` returns. The members are in no order. */
export interface MembersView {
  /** Each user once, with any number of connections. Empty until `isComplete`. */
  readonly members: readonly Member[];
  /** Whether the list was read. It stays `true` while the connection is lost, and the list is read again after it. */
  readonly isComplete: boolean;
  /** The server's refusal. */
  readonly error: FanfareError | undefined;
}

interface Watching {
  readonly onChange: (members: readonly Member[]) => void;
  readonly onEnd: (error: FanfareError | undefined) => void;
}

/** Begins to watch. Returns the function that stops. */
export type WatchMembers = (connection: Connection, watching: Watching) => () => void;

const NO_MEMBERS: MembersView = { members: [], isComplete: false, error: undefined };

export class MemberStore extends Store<MembersView> {
  readonly #connection: ConnectionStore;
  readonly #watch: WatchMembers;

  constructor(connection: ConnectionStore, watch: WatchMembers) {
    super(NO_MEMBERS);
    this.#connection = connection;
    this.#watch = watch;
  }

  protected start(): () => void {
    const { connection, release } = this.#connection.hold();
    const stop = this.#watch(connection, {
      onChange: (members) => this.set({ members, isComplete: true, error: undefined }),
      onEnd: (error) => error && this.set({ error }),
    });
    return () => {
      stop();
      release();
    };
  }
}
