/** The type of a fact: one behaviour of a stage, and a function that checks it. */

import type { Visit } from './visit.ts';

/** `skipped` is not a success: it means that this stage cannot show the fact. */
export type Status = 'passed' | 'failed' | 'skipped';

export interface Sighting {
  readonly status: Status;
  /** The observation in a few words. Tokens are removed before it is printed or written. */
  readonly seen: string;
}

export interface Fact {
  /** Unique in its group: a failed fact is reported as `group/name`. */
  readonly name: string;
  /** Of the behaviour specification of API Gateway, if the fact stands on one: `HS-6`. */
  readonly number?: string;
  /** The expected observation, as a sentence. */
  readonly expected: string;
  /** The time limit: after this time the fact has failed. Milliseconds. @default FACT_LIMIT_MS */
  readonly limitMs?: number;
  look(visit: Visit): Promise<Sighting>;
}

export interface Group {
  readonly facts: readonly Fact[];
  /** Whether its facts run at the same time, because each of them waits for hours. @default false */
  readonly together?: boolean;
}

/** The gateway waits up to 29 s for a function (IN-1). A fact has the time of two such answers. */
export const FACT_LIMIT_MS = 60_000;

export function saw(isExpected: boolean, seen: string): Sighting {
  return { status: isExpected ? 'passed' : 'failed', seen };
}

export function skipped(reason: string): Sighting {
  return { status: 'skipped', seen: reason };
}

export const ONLY_ON_AWS = skipped('only on AWS');
