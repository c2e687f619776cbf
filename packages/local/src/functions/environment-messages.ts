/** The messages between the runtime and an execution environment. */

import type { Failure } from './outcome.ts';
import type { StreamedPart } from './streamed-part.ts';

/** What an environment is started with. */
export interface EnvironmentStart {
  /** The folder of the function's code. */
  readonly folder: string;
  /** `file.export`, or deeper. */
  readonly handler: string;
  /** `nodejs22.x`; it decides which forms of a handler are taken. */
  readonly runtime: string;
  /** The members of the handler's context that are the same in every invocation. */
  readonly facts: Readonly<Record<string, string>>;
  readonly localHosts?: Readonly<Record<string, string>> | undefined;
}

export type ToEnvironment =
  | {
      readonly kind: 'event';
      /** JSON. */
      readonly event: string;
      readonly requestId: string;
      /** Milliseconds since 1970. */
      readonly deadline: number;
      /** Whether a reader takes the chunks of a streaming handler. */
      readonly isRead: boolean;
    }
  /** The reader has taken the chunk before. */
  | { readonly kind: 'taken' }
  /** The reader is gone. */
  | { readonly kind: 'left' };

export type FromEnvironment =
  | { readonly kind: 'loaded' }
  /** The result as JSON. */
  | { readonly kind: 'result'; readonly json: string }
  | ({ readonly kind: 'error' } & Thrown)
  /** An error outside of the handler, which ends the environment. */
  | ({ readonly kind: 'died' } & Thrown)
  | { readonly kind: 'part'; readonly part: StreamedPart };

type Thrown = Omit<Failure, 'kind'>;
