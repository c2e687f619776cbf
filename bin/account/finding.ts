/** One finding of preflight: how bad it is, a sentence, and what to do. */

export type Severity = 'refuses' | 'starves' | 'note';

export interface Finding {
  /** `refuses`: the deployment fails. `starves`: it succeeds, and the stage then serves less than its settings say. */
  readonly severity: Severity;
  /** The check that found it, in one word for programs. */
  readonly about: string;
  readonly sentence: string;
  readonly remedy?: string;
}
