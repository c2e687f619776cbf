/** The store of runs: which calls of idempotent actions have begun, and the outcome of each. Every method is one atomic request. */

/** A run of an action for one key of one sender. */
export interface Run {
  /** The action, its caller and the key, as `publishKeyOf` writes them. */
  readonly runKey: string;
  /** This attempt. A repetition has another one. */
  readonly owner: string;
}

/** Times are in milliseconds since 1970. */
interface RunTimes {
  readonly now: number;
  /** From then on the attempt counts as dead, unless it has finished. */
  readonly leaseUntil: number;
  /** From then on the key is free, with and without an outcome. */
  readonly expiresAt: number;
}

export type RunState =
  /** The run is this attempt's. */
  | { readonly kind: 'begun' }
  /** Another attempt has begun, and may still run. */
  | { readonly kind: 'running'; readonly leaseUntil: number }
  /** @param outcome The text that the attempt has stored. */
  | { readonly kind: 'finished'; readonly outcome: string };

export interface RunStore {
  /** Begins the run, unless another attempt has finished it or may still be running. */
  begin(run: Run, times: RunTimes): Promise<RunState>;
  /** Stores the outcome. Returns false, and stores nothing, if the run is no longer this attempt's. */
  finish(run: Run, outcome: string): Promise<boolean>;
  /** Lets the next attempt begin at once, if the run is still this attempt's. */
  giveUp(run: Run): Promise<void>;
}
