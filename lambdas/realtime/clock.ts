/** The time, as the domain asks for it: tests hand in a clock that they move themselves. */

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}
