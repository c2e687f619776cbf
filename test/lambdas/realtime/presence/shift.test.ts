import { expect, it } from 'vitest';
import { workShift } from '../../../../lambdas/realtime/presence/shift.ts';
import { memoryPorts } from '../../../memory/memory-ports.ts';

const channel = 'chat:a';

/** The worker needs so long from the start of its look to its nap. Milliseconds. */
const LOOK_MS = 10;

it('a window that opens while the worker looks at the list is looked at next, without a nap', async () => {
  const [from, opensAt] = [1_470, 1_985];
  let now = from;
  const pauses: number[] = [];
  const ports = memoryPorts();

  await workShift(
    {
      ...ports,
      now: () => now,
      async pause(ms) {
        pauses.push(ms);
        now += ms;
      },
      windows: { ...ports.windows, close: async () => ({ isMine: false, closedUntil: opensAt }) },
      dueList: {
        due: async () => [{ channel, user: 'ann', until: from }],
        async next() {
          now += LOOK_MS;
          return from;
        },
      },
    },
    'worker',
    from + 1_000,
  );

  expect(pauses.slice(0, 2)).toEqual([500, 1]);
});
