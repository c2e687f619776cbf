/** The write units of a client that comes back to a hundred channels, on the embedded DynamoDB. */

import { CHANNELS_PER_CONNECTION, FRAME_BYTES } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { forget } from '../../lambdas/realtime/connections/membership.ts';
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
  return { ask, context, session, commands };
}

const SUBSCRIBED = { event: 'subscribed' };

const subscribed = Array.from({ length: CHANNELS_PER_CONNECTION }, () => expect.objectContaining(SUBSCRIBED));

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
  it.each([
    { channels: 100, length: 40, frames: 1, most: 17 },
    { channels: 100, length: 164, frames: 1, most: 27 },
    { channels: 500, length: 14, frames: 1, most: 18 },
    { channels: 500, length: 40, frames: 2, most: 48 },
    { channels: 1_000, length: 14, frames: 2, most: 52 },
    { channels: 1_000, length: 40, frames: 3, most: 100 },
  ])(
    'subscribing to $channels channels of $length characters, in $frames frames, takes at most $most write units',
    async ({ channels, length, frames, most }) => {
      const namespace = { namespace: 'ticker', channels };
      const { context, session, commands } = await comeBack(
        `grouped-${channels}-${length}=`,
        length,
        namespace,
      );
      const perFrame = Math.ceil(channels / frames);
      const replies: unknown[] = [];

      const { write } = await metered().unitsOf(async () => {
        for (let begin = 0; begin < channels; begin += perFrame) {
          const text = JSON.stringify(commands.slice(begin, begin + perFrame));
          expect(text.length).toBeLessThanOrEqual(FRAME_BYTES);
          replies.push(...JSON.parse(await answer(text, session, context)));
        }
      });
      const ended = await metered().unitsOf(() => forget(context.ports, session.connectionId));

      process.stdout.write(
        `${channels} grouped channels of ${length} characters: ${write} write units, and ${ended.write} at the end.\n`,
      );
      expect(replies).toEqual(Array.from({ length: channels }, () => expect.objectContaining(SUBSCRIBED)));
      expect(write).toBeLessThanOrEqual(most);
    },
  );

  it('the end of a connection takes at most a quarter of what it takes with a hundred rows', async () => {
    const ends: number[] = [];
    for (const namespace of ['open', 'ticker']) {
      const { ask, context, session } = await comeBack(`ends-${namespace}=`, 40, {
        namespace,
        channels: 100,
      });
      await ask();
      ends.push((await metered().unitsOf(() => forget(context.ports, session.connectionId))).write);
    }

    const [separate = 0, grouped = 0] = ends;
    process.stdout.write(
      `The end of a connection in 100 channels: ${separate} and ${grouped} write units.\n`,
    );
    expect(grouped).toBeLessThanOrEqual(separate / 4);
  });
});
