/** Commands that change nothing when they are repeated: `history`, `mark`, `members`. A lost connection repeats them. */

import type { Settings } from '../settings/settings.ts';
import type { CommandResult } from '../wire/command-result.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { jsonOf } from '../wire/json.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/** The parts of a connection that a request needs. */
export interface RequestContext {
  readonly settings: Settings;
  /** The commands of a channel that were called before; `hold` settles when the next one may be sent. */
  outbox(channel: string): { readonly hold: Promise<void> | undefined };
  /** Sends a command on the current socket, or waits for the next one. Never rejects. */
  ask(command: string): Promise<CommandResult>;
}

/**
 * Sends a command and awaits its reply. Without an open socket, it waits for the next one.
 *
 * @throws FanfareError the server's refusal, `timeout` or `closed`.
 */
export function request(
  context: RequestContext,
  channel: string,
  action: string,
  fields: object,
): Promise<ServerFrame> {
  const { clock, requestTimeoutMs } = context.settings;
  const command = jsonOf({ action, channel, ...fields });
  return new Promise((resolve, reject) => {
    const cancel = clock.after(requestTimeoutMs, () => reject(localError('timeout')));
    const attempt = async (): Promise<void> => {
      await context.outbox(channel).hold;
      const result = await context.ask(command);
      if (!(result instanceof FanfareError)) resolve(result);
      // Every other failure, also one that may pass, is the caller's to judge.
      else if (result.code === 'disconnected') return attempt();
      else reject(result);
      cancel();
    };
    void attempt();
  });
}
