/** The verdict on messages finds each broken promise, and nothing in a run without one. */

import { describe, expect, it } from 'vitest';
import { judge, type Witness } from './verdict.ts';

const CHANNEL = 'packed:room';

const first = { seq: 11, data: { by: 'ann', n: 0 } };
const second = { seq: 12, data: { by: 'ann', n: 1 } };
const third = { seq: 13, data: { by: 'bob', n: 0 } };

function logOf(...messages: readonly { seq: number; data: unknown }[]) {
  return new Map([[CHANNEL, new Map(messages.map(({ seq, data }) => [seq, data]))]]);
}

function reader(...messages: readonly { seq: number; data: unknown }[]): Witness {
  return {
    seen: [{ channel: CHANNEL, start: 10, messages: [...messages], lost: [] }],
    sent: [],
    failures: [],
  };
}

function writer(...sent: Witness['sent']): Witness {
  return { seen: [], sent, failures: [] };
}

const clean = { lost: 0, twice: 0, outOfOrder: 0, divergent: 0, refused: 0 };
const log = logOf(first, second, third);

describe('the verdict', () => {
  it('is clean for a subscriber that heard the log', () => {
    const sent = { channel: CHANNEL, by: 'ann', n: 0, seq: 11 };

    expect(judge([reader(first, second, third), writer(sent)], log)).toEqual(clean);
  });

  it('finds a message that did not come', () => {
    expect(judge([reader(first, third)], log)).toEqual({ ...clean, lost: 1 });
  });

  it('finds a gap that the client reports', () => {
    const gap: Witness = {
      seen: [{ channel: CHANNEL, start: 12, messages: [third], lost: [{ after: 11 }] }],
      sent: [],
      failures: [],
    };

    expect(judge([gap], log)).toEqual({ ...clean, lost: 1 });
  });

  it('finds an acknowledged message that the log does not have', () => {
    const sent = { channel: CHANNEL, by: 'ann', n: 2, seq: 14 };

    expect(judge([writer(sent)], log)).toEqual({ ...clean, lost: 1 });
  });

  it('finds a message that came twice, which is also out of order', () => {
    expect(judge([reader(first, second, second, third)], log)).toEqual({ ...clean, twice: 1, outOfOrder: 1 });
  });

  it('finds a message that the log has twice', () => {
    expect(judge([], logOf(first, second, { ...second, seq: 13 }))).toEqual({ ...clean, twice: 1 });
  });

  it('finds messages that came out of order', () => {
    expect(judge([reader(second, first, third)], log)).toEqual({ ...clean, outOfOrder: 1 });
  });

  it('finds messages of one sender that the log has out of order', () => {
    expect(judge([], logOf({ ...second, seq: 11 }, { ...first, seq: 12 }))).toEqual({
      ...clean,
      outOfOrder: 1,
    });
  });

  it('finds a message that is another one in the log', () => {
    expect(judge([reader(first, { ...second, data: third.data }, third)], log)).toEqual({
      ...clean,
      divergent: 1,
    });
  });

  it('finds a publish that was refused', () => {
    expect(judge([{ seen: [], sent: [], failures: ['forbidden'] }], log)).toEqual({ ...clean, refused: 1 });
  });
});
