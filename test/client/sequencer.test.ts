/** One channel in order, case by case. */

import { describe, expect, it } from 'vitest';
import { Sequencer, type Step } from '../../packages/client/src/lib/channel/sequencer.ts';

const message = (seq: number) => ({ seq, data: seq, time: 0 });
const messages = (...seqs: number[]) => seqs.map(message);
const sealed = (seq: number) => ({ ...message(seq), void: true as const });

/** Numbers of messages, and `from-to` for lost ones. */
function told(steps: readonly Step[]): unknown[] {
  return steps.map((step) =>
    'lost' in step ? `${step.lost.from}-${step.lost.to}` : (step.message.seq ?? step.message.data),
  );
}

function replay(seq: number | undefined, rest: object = {}) {
  return { seq, messages: [], ...rest };
}

describe('a sequencer', () => {
  it('starts behind the head of the first reply, and ignores earlier messages', () => {
    const sequencer = new Sequencer(undefined);

    expect(told(sequencer.live(messages(10, 12)))).toEqual([]);
    expect(told(sequencer.replay(replay(10), undefined))).toEqual([]);
    expect(told(sequencer.live(messages(11)))).toEqual([11, 12]);
    expect(sequencer.missingUpTo).toBeUndefined();
  });

  it('delivers a replay before the live messages that overtook it', () => {
    const sequencer = new Sequencer(10);

    expect(told(sequencer.live(messages(13)))).toEqual([]);
    const steps = sequencer.replay(replay(13, { messages: messages(11, 12, 13) }), 10);

    expect(told(steps)).toEqual([11, 12, 13]);
  });

  it('delivers each number once', () => {
    const sequencer = new Sequencer(10);

    expect(told(sequencer.live(messages(11, 11, 12)))).toEqual([11, 12]);
    expect(told(sequencer.live(messages(12, 11)))).toEqual([]);
  });

  it('holds back messages behind a hole, and says which are missing', () => {
    const sequencer = new Sequencer(10);

    expect(told(sequencer.live(messages(13, 12)))).toEqual([]);
    expect(sequencer.missingUpTo).toBe(13);
    expect(told(sequencer.live(messages(11)))).toEqual([11, 12, 13]);
    expect(sequencer.missingUpTo).toBeUndefined();
  });

  it('skips void numbers without reporting them', () => {
    const sequencer = new Sequencer(10);

    const steps = sequencer.page(13, { messages: [sealed(11), message(12), sealed(13)], more: false });

    expect(told(steps)).toEqual([12]);
    expect(sequencer.reached).toBe(13);
  });

  it('goes on with the next page as long as there is more', () => {
    const sequencer = new Sequencer(10);
    sequencer.replay(replay(14, { messages: messages(11) }), 10);

    expect(sequencer.missingUpTo).toBe(14);
    expect(told(sequencer.page(14, { messages: messages(12, 13), more: true }))).toEqual([12, 13]);
    expect(sequencer.missingUpTo).toBe(14);
    expect(told(sequencer.page(14, { messages: messages(14), more: false }))).toEqual([14]);
    expect(sequencer.missingUpTo).toBeUndefined();
  });

  it('reports messages that history does not have any more, and goes on behind them', () => {
    const sequencer = new Sequencer(10);
    sequencer.live(messages(15));

    const steps = sequencer.page(15, { messages: messages(13, 14), more: false });

    expect(told(steps)).toEqual(['11-12', 13, 14, 15]);
  });

  it('reports all messages up to its own as lost when history is empty', () => {
    const sequencer = new Sequencer(10);
    sequencer.live(messages(15, 17));

    expect(told(sequencer.page(17, { messages: [], more: false }))).toEqual(['11-14', 15, '16-16', 17]);
  });

  it('does not report a message as lost that came after history was asked', () => {
    const sequencer = new Sequencer(10);
    sequencer.live(messages(12));
    const upTo = sequencer.missingUpTo ?? 0;
    sequencer.live(messages(14));

    expect(told(sequencer.page(upTo, { messages: messages(11, 12), more: false }))).toEqual([11, 12]);
    expect(sequencer.missingUpTo).toBe(14);
  });

  it('asks history for the messages that are still there when the reply is not recovered', () => {
    const sequencer = new Sequencer(10);
    sequencer.live(messages(21));

    expect(told(sequencer.replay(replay(20), 10))).toEqual([]);
    expect(sequencer.missingUpTo).toBe(21);

    const steps = sequencer.page(21, { messages: messages(18, 19, 20, 21), more: false });
    expect(told(steps)).toEqual(['11-17', 18, 19, 20, 21]);
  });

  it('asks history when another socket has moved on since the request for a reply that is not recovered', () => {
    const sequencer = new Sequencer(10);
    sequencer.live(messages(11, 12));

    expect(told(sequencer.replay(replay(14), 10))).toEqual([]);
    expect(sequencer.missingUpTo).toBe(14);
  });

  it('returns to the head from a position that the channel never had', () => {
    const sequencer = new Sequencer(9_000);

    expect(told(sequencer.replay(replay(20), 9_000))).toEqual(['9001-20']);
    expect(told(sequencer.live(messages(21)))).toEqual([21]);
  });

  it('passes messages without a number as they come', () => {
    const sequencer = new Sequencer(undefined);
    const cursor = { data: 'x', time: 0 };

    expect(told(sequencer.live([cursor]))).toEqual(['x']);
    expect(told(sequencer.replay(replay(undefined), undefined))).toEqual([]);
    expect(told(sequencer.live([cursor, cursor]))).toEqual(['x', 'x']);
  });

  it('keeps a bounded number behind a hole, and gets the rest from history', () => {
    const sequencer = new Sequencer(0);
    const all = Array.from({ length: 3_000 }, (_, index) => index + 1);
    sequencer.live(messages(...all.slice(1)));

    const first = told(sequencer.page(3_000, { messages: messages(1), more: true }));
    expect(first).toEqual(all.slice(0, 1_001));
    expect(sequencer.missingUpTo).toBe(3_000);

    const rest = told(sequencer.page(3_000, { messages: messages(...all.slice(1_001)), more: false }));
    expect([...first, ...rest]).toEqual(all);
  });
});

describe('from the very beginning', () => {
  it('what is still kept is delivered, and what is not kept is not reported as lost', () => {
    const sequencer = new Sequencer(0);

    expect(sequencer.replay({ seq: 103, messages: [] }, 0)).toEqual([]);
    expect(sequencer.missingUpTo).toBe(103);

    const messages = [102, 103].map((seq) => ({ seq, data: seq, time: 1 }));
    expect(sequencer.page(103, { messages, more: false })).toEqual(messages.map((message) => ({ message })));
    expect(sequencer.reached).toBe(103);
  });

  it('an empty channel is at its end', () => {
    const sequencer = new Sequencer(0);
    sequencer.replay({ seq: 103, messages: [] }, 0);

    expect(sequencer.page(103, { messages: [], more: false })).toEqual([]);
    expect(sequencer.reached).toBe(103);
    expect(sequencer.missingUpTo).toBeUndefined();
  });
});
