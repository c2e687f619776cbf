import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverFrames } from '../../../lambdas/fallback/deliver-frames.ts';
import { arrange } from '../../../lambdas/fallback/in-order.ts';
import { logEvents } from '../../../lambdas/fallback/log-events.ts';
import { StreamChannels } from '../../../lambdas/fallback/stream-channels.ts';
import { collect } from '../../memory/memory-ports.ts';
import { fallbackWorld } from './fallback-world.ts';

const numbered = (...seqs: readonly number[]) => seqs.map((seq) => ({ seq }));

describe('arrange', () => {
  it.each([
    ['what follows goes out as it is', [8, 9], [8, 9]],
    ['what came in another order is sorted', [9, 8], [8, 9]],
    ['what came twice goes out once', [8, 8, 9, 8], [8, 9]],
    ['what went out before is dropped', [5, 7, 8], [8]],
    ['nothing new is nothing', [6, 7], []],
    ['nothing is nothing', [], []],
  ])('%s', (_what, batch, messages) => {
    expect(arrange(7, numbered(...batch))).toEqual({ kind: 'ready', messages: numbered(...messages) });
  });

  it.each([
    ['the next is missing', [9], 9],
    ['one in between is missing', [8, 10], 10],
    ['several are', [9, 12, 11], 12],
  ])('asks the log for the missing numbers when %s', (_what, batch, to) => {
    expect(arrange(7, numbered(...batch))).toEqual({ kind: 'gap', to });
  });
});

describe('frames of a channel with a history', () => {
  const channel = 'open:a';
  const frame = (seq: number, data: unknown) =>
    JSON.stringify({ event: 'messages', channel, messages: [{ seq, data, time: 1 }] });

  it('go out once each and in order, although they are lost, doubled, mixed and cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.array(fc.nat({ max: 11 }), { maxLength: 8 }), { maxLength: 6 }),
        fc.boolean(),
        async (count, batches, cameBeforeTheFirst) => {
          const { ports, publish } = fallbackWorld();
          const start = (await publish(channel, 0)) - 1;
          for (let index = 1; index < count; index++) await publish(channel, index);
          const channels = new StreamChannels(
            new Map([[channel, { retentionMs: 3_600_000 }]]),
            new Map([[channel, cameBeforeTheFirst ? 0 : start]]),
          );
          channels.follow(channel);
          const got: unknown[] = [];
          // The last one turns every lost message before it into a gap.
          for (const batch of [...batches, [count - 1]]) {
            const frames = batch
              .filter((index) => index < count)
              .map((index) => frame(start + 1 + index, index));
            for (const event of await collect(deliverFrames(ports, channels, frames))) {
              const { messages } = JSON.parse(event.frame);
              got.push(...messages.map(({ data }: { data: unknown }) => data));
              expect(event.id).toBe(String(start + got.length));
            }
          }

          expect(got).toEqual(Array.from({ length: count }, (_, index) => index));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['behind the start', undefined],
    ['before the first message', 0],
  ])('skip void numbers, %s', async (_where, position) => {
    const { ports, publish } = fallbackWorld();
    const { createdAt: start } = await ports.channelLog.raise(channel, 1, 1_000);
    const seq = await publish(channel, 'after the hole');
    const channels = new StreamChannels(
      new Map([[channel, { retentionMs: 3_600_000 }]]),
      new Map([[channel, position ?? start]]),
    );
    channels.follow(channel);

    const events = await collect(deliverFrames(ports, channels, [frame(seq, 'after the hole')]));

    expect(events.map(({ id }) => id)).toEqual([String(start + 2)]);
    expect(events[0]?.frame).toContain('after the hole');
  });

  it('move the position over a hole at the end, too', async () => {
    const channels = new StreamChannels(new Map([[channel, undefined]]), new Map([[channel, 7]]));
    channels.follow(channel);

    const events = await collect(logEvents(channels, channel, [{ seq: 8, void: true }]));

    expect([events, channels.positionOf(channel)]).toEqual([[], 8]);
  });

  it('are passed on unchanged if they are of another channel or have no messages', async () => {
    const { ports } = fallbackWorld();
    const frames = [
      frame(9, 'x'),
      '{"event":"joined","channel":"open:a","member":{"user":"ann","at":1}}',
      'not JSON',
    ];

    const events = await collect(deliverFrames(ports, new StreamChannels(new Map(), new Map()), frames));

    expect(events).toEqual(frames.map((each) => ({ frame: each })));
  });
});
