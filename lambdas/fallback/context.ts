/** The ports and values with which the routes of the fallback answer a request. */

import type { ActionContext, ActionPorts } from '../actions/action.ts';
import type { FallbackRequest } from '../events/url-event.ts';
import type { Admissions } from '../identity/admission.ts';
import type { Identity } from '../identity/claims.ts';
import type { HttpSessionStore, LeaseStore, Mailboxes } from '../realtime/connections/http-sessions.ts';
import type { RevocationStore } from '../realtime/connections/revocation.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { Openings } from './openings.ts';
import type { Places } from './places.ts';

export type FallbackPorts = ActionPorts & {
  readonly revocations: RevocationStore;
  readonly sessions: HttpSessionStore;
  readonly mailboxes: Mailboxes;
  readonly leases: LeaseStore;
};

/** Built once per container. */
export interface FallbackContext extends ActionContext {
  readonly ports: FallbackPorts;
  readonly admissions: Admissions;
  readonly openings: Openings;
  readonly places: Places;
  /** How many sessions one address may have open without a token. */
  readonly sessionsPerAddress: number;
  /** How long a stream lasts at most. Milliseconds. */
  readonly streamMs: number;
  /** Called with the reason, in a few words, when a client was not let in. */
  readonly onRefused: (fields: {
    readonly kind: string;
    readonly reason: string;
    readonly requestId: string;
  }) => void;
}

/** A client that was let in; without a identity it is anonymous. */
export interface Admitted {
  readonly identity: Identity | undefined;
  /** The hash of the name that an anonymous client made up, if it did. */
  readonly client: string | undefined;
}

/** A request of a client that was let in. */
export interface AdmittedRequest extends FallbackRequest, Admitted {
  /** Milliseconds that the function has left. */
  readonly remainingMs: () => number;
}

/** Refusals are thrown as `ProtocolError`. */
export type Route = (request: AdmittedRequest, context: FallbackContext) => Promise<HttpAnswer>;
