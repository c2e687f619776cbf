/** The outcome of a command: the server's reply, or a failure. */

import { FanfareError } from './errors.ts';
import type { ServerFrame } from './server-frame.ts';

export type CommandResult = ServerFrame | FanfareError;

/** Whether the command failed for now, and the same command may succeed later. `undefined`: the socket was lost. */
export function isTransientFailure(result: CommandResult | undefined): boolean {
  return result instanceof FanfareError && result.isRetryable;
}
