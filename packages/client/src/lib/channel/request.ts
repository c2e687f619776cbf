/** Commands that change nothing, and so can be asked again on the next socket. */

import type { Hub } from '../hub.ts';
import { FanfareError, localError } from '../wire/errors.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/**
 * Waits for a socket if need be.
 *
 * @throws FanfareError what the server says, `timeout` or `closed`.
 */
export function request(hub: Hub, channel: string, action: string, fields: object): Promise<ServerFrame> {
  const { clock, requestTimeoutMs } = hub.settings;
  const command = JSON.stringify({ action, channel, ...fields });
  return new Promise((resolve, reject) => {
    const cancel = clock.after(requestTimeoutMs, () => reject(localError('timeout')));
    const attempt = async (): Promise<void> => {
      await hub.outbox(channel).hold;
      const answer = await hub.ask(command);
      if (!(answer instanceof FanfareError)) resolve(answer);
      else if (answer.code === 'disconnected') return attempt();
      else reject(answer);
      cancel();
    };
    void attempt();
  });
}
