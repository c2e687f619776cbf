/** What a rule is: one sentence of the wire protocol, and a look at whether a server keeps it. */

import type { Guest } from './guest.ts';

/** The heading of `docs/protocol.md` that a rule belongs to. */
type Section =
  | 'connecting'
  | 'commands-and-replies'
  | 'retry-keys'
  | 'numbers'
  | 'messages'
  | 'channels'
  | 'errors'
  | 'limits';

export interface Rule {
  /** Unique, and what a failure is reported by. */
  readonly name: string;
  readonly section: Section;
  /** What a server does, as a sentence. */
  readonly statement: string;
  /** It needs a signed-in user, and is skipped without a token. @default false */
  readonly signedIn?: boolean;
  /** @throws Error that says what came instead. */
  check(guest: Guest): Promise<void>;
}
