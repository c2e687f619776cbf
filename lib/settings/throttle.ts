/** The limits that API Gateway is given: for a whole API, or for single routes. */

/** Requests per second, and how many at once. State both: API Gateway can read an omitted one as zero (TH-3, CD-7). */
export interface Throttle {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** `$disconnect` has the limit of the stage. */
export type RouteThrottles = Readonly<Record<'$connect' | '$default' | 'ping', Throttle>>;
