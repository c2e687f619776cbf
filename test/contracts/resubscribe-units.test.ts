/** The write units of a client that comes back to a hundred channels, on the embedded DynamoDB. */

import { CHANNELS_PER_CONNECTION } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { memoryPorts, NOW } from '../memory/memory-ports.ts';
import { openConfig } from '../memory/open-config.ts';
import { meteredStores } from './metered-stores.ts';

const metered = meteredStores();

/** A connection that subscribes to a hundred channels by one frame. */
async function comeBack(
  connectionId: string,
  channelLength: number,
  { namespace = 'open', channels = CHANNELS_PER_CONNECTION } = {},
) {
  const { stores } = metered();
  const context = actionContext(openConfig, { ...memoryPorts(), ...stores });
  const session = sessionFixture({ connectionId });
  const commands = Array.from({ length: channels }, (_, n) => {
    const channel = `${namespace}:${String(n).padStart(channelLength - namespace.length - 1, 'x')}`;
    return { action: 'subscribe', channel };
  });
  await stores.connections.open({ connectionId, expiresAt: NOW }, []);
  const ask = async () => JSON.parse(await answer(JSON.stringify(commands), session, context));
  return { ask, context, session };
}

const subscribed = Array.from({ length: CHANNELS_PER_CONNECTION }, () =>
  expect.objectContaining({ event: 'subscribed' }),
);

// One by one it took 267 units and 877 beside the rows.
it.each([
  [40, 6],
  [164, 18],
])(
  'subscribing to 100 channels of %i characters takes a write unit for each row, and %i others',
  async (length, others) => {
    const { ask } = await comeBack(`units-${length}=`, length);
    let replies: unknown;

    const { write } = await metered().unitsOf(async () => {
      replies = await ask();
    });

    expect(replies).toEqual(subscribed);
    expect(write).toBeLessThanOrEqual(CHANNELS_PER_CONNECTION + others);
  },
);

it('the same frame once more is answered the same, and takes at most 40 units beside the rows', async () => {
  const { ask } = await comeBack('repeats=', 40);
  await ask();
  let replies: unknown;

  const { write } = await metered().unitsOf(async () => {
    replies = await ask();
  });

  expect(replies).toEqual(subscribed);
  expect(write).toBeLessThanOrEqual(CHANNELS_PER_CONNECTION + 40);
});

it('a charge of a connection in a hundred channels takes one write unit', async () => {
  const { ask, context, session } = await comeBack('charged=', 164);
  await ask();

  const { write } = await metered().unitsOf(() =>
    context.rateLimit.admit(session, { commands: 50, bytes: 0 }),
  );

  expect(write).toBe(1);
});

describe('in a grouped namespace', () => {
  const grouped = (channels: number) => ({ namespace: 'ticker', channels });

  it.each([
    [100, 40, 19],
    [100, 164, 34],
    [500, 14, 20],
    [500, 40, 35],
  ])(
    'subscribing to %i channels of %i characters by one frame takes at most %i write units',
    async (channels, length, most) => {
      const { ask } = await comeBack(`grouped-${channels}-${length}=`, length, grouped(channels));
      let replies: unknown;

      const { write } = await metered().unitsOf(async () => {
        replies = await ask();
      });

      process.stdout.write(`${channels} grouped channels of ${length} characters: ${write} write units.\n`);
      expect(replies).toEqual(
        Array.from({ length: channels }, () => expect.objectContaining({ event: 'subscribed' })),
      );
      expect(write).toBeLessThanOrEqual(most);
    },
  );
});
