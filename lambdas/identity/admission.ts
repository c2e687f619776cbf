/** Decides whether a handshake is let in, and as which user. It checks the edge, then the origin, then the token. */

import { timingSafeEqual } from 'node:crypto';
import type { Identity } from './claims.ts';
import { findClient, type NamedClient } from './client-name.ts';
import { findToken, type TokenPlaces } from './handshake-token.ts';
import { NotAdmitted } from './not-admitted.ts';
import { type FetchSite, isAllowedOrigin, isHiddenCrossSite } from './origins.ts';
import { InvalidToken, type Verify } from './token-verifier.ts';

export interface AdmissionPolicy {
  /** Websites whose pages may connect (`origins.ts`). */
  readonly origins: readonly string[];
  /** Whether there is anything for connections without a token. */
  readonly admitsAnonymous: boolean;
  readonly verify: Verify;
  /** A secret that only the edge in front of the gateway sends; `undefined` for a stage without an edge. */
  readonly originKey: (() => Promise<string>) | undefined;
}

export interface Admissions {
  readonly policy: AdmissionPolicy;
  /** A token is accepted for this much longer than it says. Seconds. */
  readonly clockSkewSeconds: number;
}

export interface Handshake extends TokenPlaces, NamedClient, FetchSite {
  /** Sent along by the edge. */
  readonly originKey: string | undefined;
}

export type Admission =
  | { readonly kind: 'signed-in'; readonly identity: Identity }
  /** `client`: the hash of the name that the client chose for itself, if it chose one. */
  | { readonly kind: 'anonymous'; readonly client: string | undefined }
  /** 403 and 401. The reason is a short code for the log. */
  | {
      readonly kind: 'forbidden' | 'unauthorized';
      readonly reason: string;
      /** The refusal of the user's own `onConnect`. */
      readonly rule?: NotAdmitted;
    };

const CLIENT_REASONS = { bad: 'bad client', several: 'several clients' } as const;

/** Whether the reason for a refusal is the name that the client made up. */
export function isClientReason(reason: string): boolean {
  return reason === CLIENT_REASONS.bad || reason === CLIENT_REASONS.several;
}

/** @throws the error that prevents reading the keys or running `onConnect`: then no handshake is let in. */
export async function admit(policy: AdmissionPolicy, handshake: Handshake): Promise<Admission> {
  if (policy.originKey && !isSame(await policy.originKey(), handshake.originKey ?? ''))
    return { kind: 'forbidden', reason: 'not by the edge' };
  if (!isAllowedOrigin(policy.origins, handshake.origin)) return { kind: 'forbidden', reason: 'origin' };
  if (isHiddenCrossSite(handshake)) return { kind: 'forbidden', reason: 'cross-site' };
  const named = findClient(handshake);
  if (typeof named === 'string') return { kind: 'unauthorized', reason: CLIENT_REASONS[named] };
  const found = findToken(handshake);
  if (found === 'several') return { kind: 'unauthorized', reason: 'several tokens' };
  if (found === 'none') {
    return policy.admitsAnonymous
      ? { kind: 'anonymous', ...named }
      : { kind: 'unauthorized', reason: 'no token' };
  }
  return verified(policy, found.token);
}

async function verified({ verify }: AdmissionPolicy, token: string): Promise<Admission> {
  try {
    return { kind: 'signed-in', identity: await verify(token) };
  } catch (error) {
    if (error instanceof InvalidToken) return { kind: 'unauthorized', reason: error.message };
    if (!(error instanceof NotAdmitted)) throw error;
    const kind = error.code === 'unauthenticated' ? 'unauthorized' : 'forbidden';
    return { kind, reason: 'onConnect', rule: error };
  }
}

/** Compares in constant time, so that an attacker does not learn from the time how many characters were right. */
function isSame(key: string, given: string): boolean {
  const [expected, actual] = [Buffer.from(key), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
