/** The tables as a page for compliance has them: what each has of a person, for how long, and what the erasure does with it. */

import type { TableName } from '../../lambdas/manifest/manifest.ts';

export interface TableRule {
  /** The names of the key's attributes, as in `lib/storage.ts`. */
  readonly key: readonly string[];
  readonly holds: string;
  /** Until when, without an erasure. */
  readonly until: string;
  readonly erasure: string;
}

/** In the order in which the tables are visited: the rows by which others are found come last. */
export const rules: Readonly<Record<TableName, TableRule>> = {
  revocations: {
    key: ['user'],
    holds: 'user; the moment before which tokens are refused',
    until: 'for ever: a stolen token may be valid for any time',
    erasure: 'stays, and is written again',
  },
  messages: {
    key: ['channel', 'seq'],
    holds: 'author; content; names of values',
    until: "the namespace's `history`, and an hour",
    erasure: "author, content and names are taken out, the number stays; the user's inbox is deleted",
  },
  values: {
    key: ['channel', 'name'],
    holds: 'author; name; content',
    until: "the namespace's `values`",
    erasure: 'deleted where the user wrote last',
  },
  readPositions: {
    key: ['user', 'channel'],
    holds: 'user; channel; how far they have read',
    until: "the namespace's `history`, and 30 days",
    erasure: 'deleted',
  },
  publishKeys: {
    key: ['publishKey'],
    holds: 'a hash of user and retry key; the answer of an action of your own',
    until: '10 minutes',
    erasure: "deleted in the user's own channel; elsewhere only a hash, which expires",
  },
  deliveryClaims: {
    key: ['piece'],
    holds: 'no user; names of channels',
    until: '1 hour',
    erasure: "deleted for the user's own channel",
  },
  mailboxes: {
    key: ['connectionId', 'entryId'],
    holds: 'frames for a client without a socket: author, content, members',
    until: '15 minutes',
    erasure:
      "the user's are deleted; in those of others the user's messages are emptied, and joins and leaves expire",
  },
  httpSessions: {
    key: ['sessionKey'],
    holds: 'a hash of user and session; a connection id',
    until: 'the lease of the session, minutes',
    erasure: 'deleted',
  },
  charges: {
    key: ['connectionId'],
    holds: 'a connection id',
    until: 'a minute after the connection is idle',
    erasure: 'deleted',
  },
  presence: {
    key: ['channel', 'user'],
    holds: 'user; channel; `info` of the token; connection ids',
    until: 'an hour after the user has left the channel',
    erasure: 'deleted, once the others are told that the user has left',
  },
  occupancy: {
    key: ['channel'],
    holds: "no user; names of channels, so the user's own",
    until: '15 minutes after the channel is empty',
    erasure: "deleted for the user's own channel, once its end is told",
  },
  channels: {
    key: ['channel'],
    holds: "no user; names of channels, so the user's own",
    until: 'for ever',
    erasure: "deleted for the user's own channel",
  },
  subscriptions: {
    key: ['channelShard', 'connectionId'],
    holds: 'user; channel; `info` of the token; connection id',
    until: 'the end of the connection; else that of the token or of two hours',
    erasure: 'deleted',
  },
  connections: {
    key: ['connectionId'],
    holds: 'user; names of channels; a hash of the address of sessions without a token',
    until: 'the end of the connection; else two hours and a while',
    erasure: 'deleted',
  },
};

export const tableNames: readonly TableName[] = Object.keys(rules).filter(isTableName);

function isTableName(name: string): name is TableName {
  return Object.hasOwn(rules, name);
}
