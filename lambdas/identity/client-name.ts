/**
 * The name that a client makes up for itself, by which an anonymous one is known as the same sender after it has connected again
 * (`realtime/log/sender.ts`): offered as `fanfare.client.<name>` behind `fanfare.v1`, or in the query as `client`.
 */

import { createHash } from 'node:crypto';
import { CLIENT_PREFIX, offeredBehindVersion } from 'fanfare-protocol/subprotocol';

export interface NamedClient {
  /** `Sec-WebSocket-Protocol`, as it was offered. */
  readonly offered: string | undefined;
  /** Each `client` of the query. */
  readonly clients: readonly string[];
}

/** `bad`: the name is too short or has other characters. `several`: the request has different names. */
export type FoundClient = { readonly client: string | undefined } | 'bad' | 'several';

/** A client that knows the name can use the retry keys of the named client, so the name must be hard to guess. 16 to 64 characters. */
const NAME = /^[A-Za-z0-9_-]{16,64}$/;

/** Only a hash of the name leaves this function, so a reader of events, tables or logs cannot offer the name. */
export function findClient({ offered, clients }: NamedClient): FoundClient {
  const offeredNames = offeredBehindVersion(offered)
    .filter((name) => name.startsWith(CLIENT_PREFIX))
    .map((name) => name.slice(CLIENT_PREFIX.length));
  const names = new Set([...offeredNames, ...clients]);
  const [name] = names;
  if (name === undefined) return { client: undefined };
  if (names.size > 1) return 'several';
  return NAME.test(name) ? { client: createHash('sha256').update(name).digest('base64url') } : 'bad';
}
