/** A command and its outcome: the server's reply, or a failure. */

import { FanfareError } from './errors.ts';
import type { ServerFrame } from './server-frame.ts';

export interface Command {
  /** A JSON object without an id. */
  readonly text: string;
  /** Whether the client sends the command again when the reply is overdue, or waits until no reply can come. @default it gives up */
  readonly repeats?: boolean;
  /** The command that is sent instead of a repetition. */
  readonly again?: string;
}

export type CommandResult = ServerFrame | FanfareError;

/** Whether the command failed for now, and the same command may succeed later. `undefined`: the socket was lost. */
export function isTransientFailure(
  result: CommandResult | undefined,
): result is FanfareError & { readonly isRetryable: true } {
  return result instanceof FanfareError && result.isRetryable;
}
