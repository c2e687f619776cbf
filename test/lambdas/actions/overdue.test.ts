import { expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

it('an array that takes too long is answered, and commands that did not run may be sent again', async () => {
  let time = NOW;
  const ports = memoryPorts();
  const slow = {
    ...ports.channelLog,
    async head(channel: string) {
      time += 10_000;
      return ports.channelLog.head(channel);
    },
  };
  const context = actionContext(config({ local: true }), { ...ports, channelLog: slow, now: () => time });
  const commands = [1, 2, 3, 4].map((id) => ({ action: 'history', channel: 'open:a', id }));

  const replies: unknown = JSON.parse(await answer(JSON.stringify(commands), sessionFixture(), context));

  expect(replies).toMatchObject([
    { event: 'history', id: 1 },
    { event: 'history', id: 2 },
    { event: 'error', id: 3, code: 'busy', retryAfter: 1_000 },
    { event: 'error', id: 4, code: 'busy', retryAfter: 1_000 },
  ]);
});
