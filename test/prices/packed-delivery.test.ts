/** What packed delivery saves, beside the page that was simulated. */

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { channelCost } from '../../prices/channel-cost.ts';
import { offers } from '../../prices/offers/offers.ts';
import { packedFrames, packedSaving } from '../../prices/packed-delivery.ts';

const page = await readFile(new URL('../../docs/benchmarks/packing.md', import.meta.url), 'utf8');

describe('the frames of packed channels', () => {
  it('are those of the simulation, whose page has every figure', () => {
    const [, section = ''] = page.split('Frames a second to each of 1,000 subscribers:\n');
    const [table = ''] = section.split(/^##/m);
    const rows = [...table.matchAll(/^\| ([\d.]+) \| [\d.]+ \| ([\d.]+) \|$/gm)];

    expect(rows.map(([, rate, frames]) => [Number(rate), Number(frames)])).toEqual(
      packedFrames.map(({ messagesPerSecond, framesPerSecond }) => [messagesPerSecond, framesPerSecond]),
    );
  });
});

describe('a month of a channel', () => {
  it('has a post for each frame and subscriber, the publishes and their replies', () => {
    const traffic = { messagesPerSecond: 1, subscribers: 100, framesPerSecond: 1, isPacked: false };

    // 2,592,000 publishes with 102 messages each, of which those above a billion do not exist yet.
    expect(channelCost(traffic).gateway).toBeCloseTo(264.384, 6);
  });

  it('costs two writes and nine reads for each frame, and a run for each publish, when it is packed', () => {
    const traffic = { messagesPerSecond: 1, subscribers: 100, framesPerSecond: 1 };
    const direct = channelCost({ ...traffic, isPacked: false });
    const packed = channelCost({ ...traffic, isPacked: true });

    // The key of a direct publish takes a unit more from 16 subscribers on.
    const dynamo = 2_592_000 * (9 * 0.125e-6 + (2 - 1) * 0.625e-6);
    expect(packed.gateway).toBe(direct.gateway);
    expect(packed.total - direct.total).toBeCloseTo(dynamo + 2_592_000 * 0.00000158, 6);
  });
});

describe('an offer of Fanfare', () => {
  it('names packed delivery when many messages of one channel come each second', () => {
    const load = { connections: 1_000, messages: 1_200, subscribers: 1_000 };

    expect(offers['Fanfare']?.(load).note).toMatch(
      /^with packed delivery and a window of 1 s, about \$2,\d{3}\.\d\d$/,
    );
    expect(packedSaving(load)).toBeGreaterThan(40_000);
  });

  it('does not name it when messages of a channel come alone, because packed delivery costs more then', () => {
    const load = { connections: 100, messages: 1, subscribers: 10 };

    expect(offers['Fanfare']?.(load)).not.toHaveProperty('note');
    expect(packedSaving(load)).toBeLessThan(0);
  });
});
