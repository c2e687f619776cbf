/** When API Gateway closes a connection by itself. */

export interface Timers {
  /** A connection on which neither side sends anything for this time is closed (KA-1). Milliseconds. */
  readonly idleTimeoutMs: number;
  /** Every connection is closed at this age (KA-6). Milliseconds. */
  readonly lifetimeMs: number;
  /** Whether ping frames of the client count as activity (KA-3). @default false */
  readonly pingsKeepOpen?: boolean;
}
