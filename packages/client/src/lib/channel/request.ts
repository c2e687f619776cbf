/** Commands that change nothing when they are repeated: `history`, `mark`, `members`. A lost connection repeats them. */

import type { Settings } from '../settings/settings.ts';
import type { Command, CommandResult } from '../wire/command-result.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import { LONGEST_CHANNEL } from '../wire/frame-limits.ts';
import { jsonOf } from '../wire/json.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/** The parts of a connection that a request needs. */
export interface RequestContext {
  readonly settings: Settings;
  /** The channels with handlers; `hold` settles when a channel's next command may be sent. */
  readonly feeds: ReadonlyMap<string, { readonly hold: Promise<void> | undefined }>;
  /** Sends a command on the current socket, or waits for the next one. Never rejects. */
  ask(command: Command): Promise<CommandResult>;
}

/**
 * Sends a command and awaits its reply. Without an open socket, it waits for the next one.
 *
 * @throws FanfareError the server's refusal, `bad-request`, `timeout` or `closed`.
 */
export async function request(
  { name: channel, owner }: { readonly name: string; readonly owner: RequestContext },
  action: string,
  fields: object,
): Promise<ServerFrame> {
  const { timers: clock, requestTimeoutMs } = owner.settings;
  const command = { text: jsonOf({ action, channel, ...fields }) };
  if (channel.length > LONGEST_CHANNEL) throw localError('bad-request', 400);
  return new Promise((resolve, reject) => {
    const cancel = clock.after(requestTimeoutMs, () => reject(localError('timeout', 408)));
    const attempt = async (): Promise<void> => {
      await owner.feeds.get(channel)?.hold;
      const result = await owner.ask(command);
      if (!(result instanceof FanfareError)) resolve(result);
      // Every other failure, also one that may pass, is the caller's to judge.
      else if (result.code === 'disconnected') return attempt();
      else reject(result);
      cancel();
    };
    void attempt();
  });
}
