import { describe, expect, it } from 'vitest';
import { caughtUpSentence } from '../../console/caught-up.js';
import { FrameRecord } from '../../console/frame-record.js';

const CHANNEL = 'chat:general';

const text = (frame: unknown): string => JSON.stringify(frame);

const live = (...numbers: readonly (number | undefined)[]) =>
  text({
    event: 'messages',
    channel: CHANNEL,
    messages: numbers.map((seq) => ({ seq, data: 'x', time: 1 })),
  });

const subscribed = (seq: number | undefined, more: object = {}) =>
  text({ event: 'subscribed', id: 1, channel: CHANNEL, seq, ...more });

const numbered = (...numbers: readonly number[]) => numbers.map((seq) => ({ seq, data: 'x', time: 1 }));

/** Of a page that follows the channel up to a number, and whose network was then cut. */
function cutAt(seq: number | undefined): FrameRecord {
  const record = new FrameRecord();
  record.wasReceived(subscribed(seq));
  record.cut();
  return record;
}

describe('the record of the frames of a page', () => {
  it('counts what was sent by what the server confirms: messages, and updates that no channel keeps', () => {
    const record = new FrameRecord();
    record.wasSent(text({ action: 'publish', id: 1, channel: CHANNEL, data: 'x' }));
    record.wasSent(
      text([{ action: 'publish', id: 2, channel: CHANNEL, messages: [{ data: 1 }, { data: 2 }] }]),
    );
    record.wasSent(text({ action: 'publish', id: 3, channel: 'live:typing', data: true }));
    record.wasSent(text({ action: 'publish', id: 4, channel: CHANNEL, data: 'refused' }));
    record.wasReceived(
      text([
        { event: 'published', id: 1, seq: 7 },
        { event: 'published', id: 2, seq: 9 },
      ]),
    );
    record.wasReceived(text({ event: 'published', id: 3 }));
    record.wasReceived(text({ event: 'error', id: 4, code: 'forbidden' }));

    expect([record.sent, record.updates]).toEqual([3, 1]);
  });

  it('counts each message that the page got', () => {
    const record = new FrameRecord();
    record.wasReceived(live(1, 2));
    record.wasReceived(live(undefined));

    expect(record.received).toBe(3);
  });

  it.each(['no JSON', '"a text"', 'null', '[null, 1]', '{}', '{"event":"__proto__"}'])(
    'takes no notice of the foreign frame %s',
    (frame) => {
      const record = new FrameRecord();
      record.wasSent(frame);
      record.wasReceived(frame);

      expect(record).toMatchObject({ sent: 0, updates: 0, received: 0 });
    },
  );

  it('has caught up when the reply to the new subscription brings everything since the cut', () => {
    const record = cutAt(10);
    record.wasReceived(subscribed(13, { recovered: true, messages: numbered(11, 12, 13) }));

    expect(record.takeCaughtUp()).toEqual({ count: 3, isLost: false, channels: 1 });
    expect(record.takeCaughtUp()).toBeUndefined();
  });

  it('has not caught up while a number is missing, which may come by history', () => {
    const record = cutAt(10);
    record.wasReceived(subscribed(13, { recovered: true, messages: numbered(11), more: true }));
    expect(record.takeCaughtUp()).toBeUndefined();

    record.wasReceived(text({ event: 'history', channel: CHANNEL, messages: numbered(13), more: false }));
    expect(record.takeCaughtUp()).toBeUndefined();

    record.wasReceived(text({ event: 'history', channel: CHANNEL, messages: numbered(12), more: false }));
    expect(record.takeCaughtUp()).toMatchObject({ count: 3 });
  });

  it('counts a repeated message once, a void not at all, and none that came after the new subscription', () => {
    const record = cutAt(10);
    record.wasReceived(live(12));
    const messages = [...numbered(11), { seq: 12, data: 'x', time: 1 }, { seq: 13, void: true }];
    record.wasReceived(live(14));
    record.wasReceived(subscribed(13, { recovered: true, messages }));

    expect(record.takeCaughtUp()).toMatchObject({ count: 2 });
  });

  it('begins with the first message of a channel that was empty at the cut', () => {
    const record = cutAt(0);
    record.wasReceived(
      subscribed(1_001, { first: 1_000, recovered: true, messages: numbered(1_000, 1_001) }),
    );

    expect(record.takeCaughtUp()).toMatchObject({ count: 2 });
  });

  it('waits for all channels that it followed, except those that it has left', () => {
    const record = cutAt(10);
    record.wasReceived(text({ event: 'subscribed', channel: 'chat:left', seq: 5 }));
    record.cut();
    record.wasReceived(subscribed(10, { recovered: true, messages: [] }));
    expect(record.takeCaughtUp()).toBeUndefined();

    record.wasReceived(text({ event: 'unsubscribed', channel: 'chat:left' }));
    expect(record.takeCaughtUp()).toEqual({ count: 0, isLost: false, channels: 1 });
  });

  it('knows what another page has got that this one follows as well', () => {
    const ann = new FrameRecord();
    ann.wasReceived(subscribed(10));
    ann.wasReceived(live(11, 12));
    ann.wasReceived(text({ event: 'messages', channel: '@user:ann', messages: numbered(1) }));

    expect(ann.sharedWith(cutAt(10))).toBe(2);
  });
});

describe('the sentence after a cut', () => {
  it.each([
    [
      { count: 12, channels: 2 },
      '12 messages came while this pane was cut off; all of them are here, in order.',
    ],
    [{ count: 1, channels: 1 }, '1 message came while this pane was cut off; it is here.'],
    [{ count: 0, channels: 1 }, 'No message came while this pane was cut off.'],
  ])('counts what came: %o', (caughtUp, sentence) => {
    expect(caughtUpSentence({ isLost: false, ...caughtUp })).toBe(sentence);
  });

  it('does not claim that everything is here if the server does not keep it', () => {
    const record = cutAt(10);
    record.wasReceived(subscribed(90, { recovered: false, messages: [] }));

    expect(caughtUpSentence(record.takeCaughtUp() ?? { count: 0, isLost: false, channels: 0 })).toContain(
      'does not keep all',
    );
  });

  it('says of a page without kept messages that what was sent has passed', () => {
    const record = cutAt(undefined);
    record.wasReceived(subscribed(undefined));

    expect(caughtUpSentence(record.takeCaughtUp() ?? { count: 1, isLost: false, channels: 1 })).toContain(
      'has passed',
    );
  });
});
