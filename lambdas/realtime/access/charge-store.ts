/** Charges connections for their frames. Each charge is one write, so that a crash can only fall between two charges. */

/** The charge of a connection for a frame. Everything is measured in milliseconds of the connection's time. */
export interface ChargeRequest {
  readonly costMs: number;
  /** How far the connection may be ahead of the clock. */
  readonly burstMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether the connection is probably busy already. A right guess saves a request, a wrong guess costs one. */
  readonly isBusy: boolean;
  /** The caller knows that the connection is stored, so the store does not look for it. */
  readonly isKnown: boolean;
}

/** `busyUntil`: the time at which all earlier charges of the connection are used up. Milliseconds since 1970. */
export type Charge =
  | { readonly kind: 'charged' | 'limited'; readonly busyUntil: number }
  /** The connection is not stored any more. */
  | { readonly kind: 'gone' };

export interface ChargeStore {
  /** Charges a connection, unless that takes it too far ahead of the clock. */
  charge(connectionId: string, request: ChargeRequest): Promise<Charge>;
}
