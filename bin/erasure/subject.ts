/** Whose data is looked for: a user, and the ids under which the user's connections are stored. */

import { userChannel } from 'fanfare-protocol/channel';
import { isHttpConnection, sessionKeyIn } from '../../lambdas/realtime/connections/http-sessions.ts';

export interface Subject {
  readonly user: string;
  /** The user's own channel, which is the inbox, too. */
  readonly home: string;
  /** Tables about connections have only their ids, and no user. */
  readonly connections: ReadonlySet<string>;
  /** Keys of the user's sessions over HTTP. They are hashes. */
  readonly sessions: ReadonlySet<string>;
  /** Seconds since 1970, as the tables' TTL has it. */
  readonly now: number;
}

/** @param connections the ids of the user's connections, as far as they are stored. */
export function subjectOf(user: string, connections: readonly string[], now: number): Subject {
  return {
    user,
    home: userChannel(user),
    connections: new Set(connections),
    sessions: new Set(connections.filter(isHttpConnection).map(sessionKeyIn)),
    now,
  };
}
