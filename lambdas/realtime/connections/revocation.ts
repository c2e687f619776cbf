/**
 * Revokes tokens. The revoker stores the revocation first; then it closes the connections that it finds. A handshake stores the
 * connection first; then it checks for a revocation. So at least one of the two sees the other, and no connection slips through.
 */

import { CONNECTIONS_PER_USER, SESSIONS_PER_ADDRESS } from 'fanfare-protocol/limits';
import { isExpired, type Session } from '../access/session.ts';
import type { Clock } from '../clock.ts';
import { visitInFlight } from '../in-flight.ts';
import { type ExpelPorts, expel, isConnecting } from './expel.ts';
import { homeOf } from './home.ts';
import { isHttpConnection } from './http-sessions.ts';
import { forget, type MembershipPorts } from './membership.ts';
import type { Closer, Outbound } from './outbound.ts';
import { addressPlacement } from './source-address.ts';
import type { Placement, Subscription, SubscriptionPage } from './subscription-store.ts';

interface ClosePorts extends MembershipPorts, Clock {
  readonly outbound: Closer;
}

export type RevocationPorts = ClosePorts & { readonly revocations: RevocationStore };

export interface CheckPorts extends ExpelPorts {
  readonly revocations: RevocationStore;
  readonly outbound: Pick<Outbound, 'disconnect' | 'post'>;
}

/** The moments from which a user's tokens are accepted. Each method is one request. */
export interface RevocationStore {
  /** Revokes tokens that were issued to the user before a moment. An earlier moment changes nothing. Seconds since 1970. */
  revoke(user: string, issuedBefore: number): Promise<void>;
  /** Tokens issued before this moment are revoked; strongly consistent. Seconds since 1970. */
  revokedBefore(user: string): Promise<number | undefined>;
}

/** Each takes a few requests, so only few run at once. */
const CLOSED_IN_FLIGHT = 16;

/** As many as one handshake has time for. The next handshake or the sweep continues. */
const CLOSED_PER_HANDSHAKE = 32;
const CLOSED_AT_ONCE = 8;

/** A slow gateway answers a `DELETE` after seconds. After this time no further one begins. `$connect` has 10 s. Milliseconds. */
const CLOSING_MS = 3_000;

/**
 * Revokes all tokens that were issued to the user before a moment, and closes all of the user's connections. Clients with a later
 * token can connect again at once.
 *
 * @param issuedBefore Seconds since 1970.
 * @returns how many connections were closed.
 * @throws what `closeAll` does.
 */
export async function revoke(ports: RevocationPorts, user: string, issuedBefore: number): Promise<number> {
  await ports.revocations.revoke(user, issuedBefore);
  return closeAll(ports, user);
}

/** The moment before which everything was issued until now: tokens have whole seconds, and the one that has begun counts. */
export function endOfThisSecond(now: number): number {
  return Math.floor(now / 1000) + 1;
}

/**
 * Closes all connections of a user.
 *
 * @returns how many were open.
 * @throws AggregateError of the errors that prevented closing some of them, after all others were closed. To repeat it is harmless.
 */
export async function closeAll(ports: ClosePorts, user: string): Promise<number> {
  const placement = homeOf(user);
  const failures: unknown[] = [];
  let closed = 0;
  for await (const page of pagesOf(ports, placement)) {
    await visitInFlight(page, CLOSED_IN_FLIGHT, async (subscription) => {
      try {
        if ((await close(ports, subscription)) === 'closed') closed += 1;
        await forget(ports, subscription.connectionId, placement);
      } catch (error) {
        failures.push(error);
      }
    });
  }
  if (failures.length === 0) return closed;
  // The log shows the cause, and not the list.
  throw new AggregateError(failures, `${failures.length} connections could not be closed`, {
    cause: failures[0],
  });
}

/** A 410 during the handshake says "not yet" (HS-15): a handshake that checked before the revocation may still succeed. */
async function close(
  { outbound, now, pause }: ClosePorts,
  { connectionId, handshakeUntil = 0 }: Subscription,
): Promise<'closed' | 'gone'> {
  const outcome = await outbound.disconnect(connectionId);
  const connecting = handshakeUntil - now();
  if (outcome === 'closed' || connecting <= 0) return outcome;
  await pause(connecting);
  return outbound.disconnect(connectionId);
}

/**
 * Whether a connection that was just stored may stay.
 *
 * @param perAddress how many sessions over HTTP one address may have without a token.
 */
export async function mayStay(
  ports: CheckPorts,
  session: Session,
  perAddress = SESSIONS_PER_ADDRESS,
): Promise<'yes' | 'revoked' | 'too many'> {
  const { user, issuedAt = 0, address } = session;
  if (user === undefined) {
    if (address === undefined) return 'yes';
    return (await hasMoreThan(ports, perAddress, addressPlacement(address))) ? 'too many' : 'yes';
  }
  const [revokedBefore = 0, hasTooMany] = await Promise.all([
    ports.revocations.revokedBefore(user),
    hasMoreThan(ports, CONNECTIONS_PER_USER, homeOf(user)),
  ]);
  if (issuedAt < revokedBefore) return 'revoked';
  return hasTooMany ? 'too many' : 'yes';
}

/**
 * The gateway keeps a socket open after the end of its token, so it counts until it is closed. A session over HTTP is over with its
 * lease. Only if there are too many does the newcomer's handshake close some of the sockets whose token has ended.
 */
async function hasMoreThan(ports: CheckPorts, limit: number, placement: Placement): Promise<boolean> {
  const expired: Subscription[] = [];
  const valid: Subscription[] = [];
  let open = 0;
  for await (const page of pagesOf(ports, placement)) {
    const over = page.filter((subscription) => isExpired(subscription, ports.now()));
    const sockets = over.filter(({ connectionId }) => !isHttpConnection(connectionId));
    open += page.length - over.length + sockets.length;
    expired.push(...sockets);
    valid.push(...page.filter((subscription) => !over.includes(subscription)));
    if (open > limit + CLOSED_PER_HANDSHAKE) break;
  }
  const until = ports.now() + CLOSING_MS;
  for (let start = 0; open > limit && start < CLOSED_PER_HANDSHAKE; start += CLOSED_AT_ONCE) {
    const some = expired.slice(start, start + CLOSED_AT_ONCE);
    if (some.length === 0 || ports.now() >= until) break;
    open -= await expel(ports, placement.channel, some);
  }
  if (open > limit) open -= await forgetEnded(ports, placement, shuffled(valid), until);
  return open > limit;
}

/**
 * Forgets sockets that have ended although their rows are there: a handshake died after it had written them, or the table took no
 * deletion. It looks at a few at random. It goes on as long as each look finds one, so a user who has that many connections open
 * costs eight requests.
 *
 * @returns how many it forgot.
 */
async function forgetEnded(
  ports: CheckPorts,
  { channel, shard }: Placement,
  found: readonly Subscription[],
  until: number,
): Promise<number> {
  const candidates = found.filter(
    (one) => !isHttpConnection(one.connectionId) && !isConnecting(one, ports.now()),
  );
  let forgotten = 0;
  for (let start = 0; start < CLOSED_PER_HANDSHAKE && ports.now() < until; start += CLOSED_AT_ONCE) {
    const before = forgotten;
    await visitInFlight(candidates.slice(start, start + CLOSED_AT_ONCE), CLOSED_AT_ONCE, async (one) => {
      if (await isAlive(ports, one.connectionId)) return;
      await forget(ports, one.connectionId, { channel, shard });
      forgotten += 1;
    });
    if (forgotten === before) break;
  }
  return forgotten;
}

/** Clients take it as a sign of life. The gateway would also answer a `GET`, with the address of the client, which no function may read. */
const PROBE = new TextEncoder().encode('{"event":"pong"}');

/** A connection of which the gateway does not say that it is gone counts as open. */
async function isAlive({ outbound }: CheckPorts, connectionId: string): Promise<boolean> {
  const outcome = await outbound.post(connectionId, PROBE).catch(() => 'failed');
  return outcome !== 'gone';
}

/** In a random order, so that a newcomer that comes again looks at others. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** The stored ids of a user's connections. */
export async function connectionsOf(
  ports: Pick<MembershipPorts, 'subscriptions'>,
  user: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of pagesOf(ports, homeOf(user)))
    found.push(...page.map(({ connectionId }) => connectionId));
  return found;
}

async function* pagesOf(
  { subscriptions }: Pick<MembershipPorts, 'subscriptions'>,
  placement: Placement,
): AsyncGenerator<readonly Subscription[]> {
  let after: string | undefined;
  do {
    const page: SubscriptionPage = await subscriptions.page(placement, after);
    yield page.subscriptions;
    after = page.next;
  } while (after !== undefined);
}
