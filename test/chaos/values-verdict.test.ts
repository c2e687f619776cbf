/** The verdict on named values finds each broken promise, and nothing in a run without one. */

import type { Message } from 'fanfare-client';
import { describe, expect, it } from 'vitest';
import { judgeValues, type Reader, type ValuesWitness } from './values-verdict.ts';

const CHANNEL = 'open:room';

function message(seq: number, name: string, data: { by: string; n: number; ifSeq?: number }): Message {
  return { seq, name, data, time: 0 };
}

const seat = message(11, 'seat', { by: 'ann', n: 0, ifSeq: 0 });
const price = message(12, 'price', { by: 'bob', n: 0 });
const moved = message(13, 'seat', { by: 'bob', n: 1, ifSeq: 11 });
const gone: Message = { seq: 14, name: 'price', data: null, removed: true, time: 0 };
const all = [seat, price, moved, gone];

function logOf(...messages: readonly Message[]) {
  return new Map([[CHANNEL, new Map(messages.map((one) => [one.seq ?? 0, one]))]]);
}

const nothing: ValuesWitness = { holdings: [], won: [], conflicts: [], failures: [] };

function reader(holding: Partial<Reader>): ValuesWitness {
  const snapshots = [{ seq: 12, values: [seat, price] }];
  return {
    ...nothing,
    holdings: [{ channel: CHANNEL, start: 12, live: [moved, gone], lost: [], snapshots, ...holding }],
  };
}

const claim = { channel: CHANNEL, name: 'seat', by: 'cid', n: 0, ifSeq: 11 };
const clean = {
  lost: 0,
  twice: 0,
  outOfOrder: 0,
  divergent: 0,
  refused: 0,
  staleAfterQuiet: 0,
  twoWinners: 0,
  falseConflicts: 0,
};
const log = logOf(...all);

describe('the verdict on values', () => {
  it('is clean for a snapshot with later messages, and for claims of which one was written', () => {
    const writer = { ...nothing, won: [{ ...claim, by: 'bob', n: 1, seq: 13 }] };
    const late = { ...nothing, conflicts: [{ ...claim, current: 13 }] };

    expect(judgeValues([reader({}), writer, late], log)).toEqual(clean);
  });

  it('is clean for pages that have a removal, and values newer than their head', () => {
    const snapshots = [{ seq: 12, values: [moved, gone] }];

    expect(judgeValues([reader({ snapshots })], log)).toEqual(clean);
  });

  it('finds a snapshot without a value', () => {
    const second = { seq: 14, values: [] };
    const snapshots = [{ seq: 12, values: [seat, price] }, second];

    expect(judgeValues([reader({ snapshots })], log)).toEqual({ ...clean, staleAfterQuiet: 1 });
  });

  it('finds a snapshot with a value that was removed', () => {
    const snapshots = [
      { seq: 12, values: [seat, price] },
      { seq: 14, values: [moved, price] },
    ];

    expect(judgeValues([reader({ snapshots })], log)).toEqual({ ...clean, staleAfterQuiet: 1 });
  });

  it('finds a reader that did not hear of a change, and the message that is lost', () => {
    expect(judgeValues([reader({ live: [gone] })], log)).toEqual({ ...clean, staleAfterQuiet: 1, lost: 1 });
  });

  it('finds a value that is not the one of the log', () => {
    const other = message(13, 'seat', { by: 'ann', n: 9 });
    const snapshots = [
      { seq: 12, values: [seat, price] },
      { seq: 14, values: [other] },
    ];

    expect(judgeValues([reader({ snapshots })], log)).toEqual({ ...clean, staleAfterQuiet: 1 });
  });

  it('finds a set that was acknowledged and is not in the log', () => {
    const writer = { ...nothing, won: [{ ...claim, ifSeq: undefined, seq: 15 }] };

    expect(judgeValues([writer], log)).toEqual({ ...clean, lost: 1 });
  });

  it('finds a set that stands in the log twice', () => {
    const again = message(15, 'price', { by: 'bob', n: 0 });

    expect(judgeValues([], logOf(...all, again))).toEqual({ ...clean, twice: 1 });
  });

  it('finds two messages in the log that follow the same one', () => {
    const second = message(15, 'seat', { by: 'cid', n: 0, ifSeq: 11 });

    expect(judgeValues([], logOf(...all, second))).toEqual({ ...clean, twoWinners: 1 });
  });

  it('finds two claims of a name without a value', () => {
    const second = message(15, 'seat', { by: 'cid', n: 0, ifSeq: 0 });

    expect(judgeValues([], logOf(...all, second))).toEqual({ ...clean, twoWinners: 1 });
  });

  it('allows a claim of a name whose value was removed', () => {
    const second = message(15, 'price', { by: 'cid', n: 0, ifSeq: 0 });

    expect(judgeValues([], logOf(...all, second))).toEqual(clean);
  });

  it('finds a removal that followed the wrong message', () => {
    const writer = { ...nothing, won: [{ ...claim, name: 'price', ifSeq: 9, seq: 14 }] };

    expect(judgeValues([writer], log)).toEqual({ ...clean, twoWinners: 1 });
  });

  it('finds two writers that were told that they have won', () => {
    const bob = { ...nothing, won: [{ ...claim, by: 'bob', n: 1, seq: 13 }] };
    const cid = { ...nothing, won: [{ ...claim, seq: 16 }] };

    expect(judgeValues([bob, cid], log)).toEqual({ ...clean, twoWinners: 1, lost: 1 });
  });

  it('finds a conflict of a claim that was written', () => {
    const writer = { ...nothing, conflicts: [{ ...claim, by: 'bob', n: 1, current: 14 }] };

    expect(judgeValues([writer], log)).toEqual({ ...clean, falseConflicts: 1 });
  });

  it('finds a conflict with the message that the claim named', () => {
    const writer = { ...nothing, conflicts: [{ ...claim, current: 11 }] };

    expect(judgeValues([writer], log)).toEqual({ ...clean, falseConflicts: 1 });
  });

  it('finds a conflict without a value when the claim named none', () => {
    const writer = { ...nothing, conflicts: [{ ...claim, ifSeq: 0, current: null }] };

    expect(judgeValues([writer], log)).toEqual({ ...clean, falseConflicts: 1 });
  });

  it('finds a publish that was refused', () => {
    expect(judgeValues([{ ...nothing, failures: ['forbidden'] }], log)).toEqual({ ...clean, refused: 1 });
  });
});
