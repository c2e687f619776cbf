import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStream, eventText, HEARTBEAT_MS } from '../../../lambdas/fallback/event-stream.ts';
import { Collected } from './fallback-world.ts';

/** A reader that takes one chunk each time that the test says so. */
class Slow extends Writable {
  readonly taken: string[] = [];
  private done: () => void = () => {};

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.taken.push(chunk.toString('utf8'));
    this.done = done;
  }

  take(): void {
    this.done();
  }
}

const event = { frame: '{"event":"pong"}' };

describe('an event', () => {
  it('has its frame as data, and its id if there is one', () => {
    expect(eventText(event)).toBe('data: {"event":"pong"}\n\n');
    expect(eventText({ ...event, id: 'chat%3Aa=7' })).toBe('id: chat%3Aa=7\ndata: {"event":"pong"}\n\n');
  });

  it('has an id without characters that end a line', () => {
    const text = eventText({ frame: JSON.stringify({ data: 'a\nb\r\n\u2028' }), id: '7' });

    expect(text.split('\n')).toHaveLength(4);
  });
});

describe('an event stream', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('begins with a comment and the delay for the next attempt', async () => {
    const out = new Collected();
    await new EventStream(out, () => 0).begin();

    expect(out.text).toBe(': fanfare\nretry: 1000\n\n');
  });

  it('counts the bytes that it has written', async () => {
    const events = new EventStream(new Collected(), () => 0);
    await events.send({ frame: '"é"' });

    expect(events.written).toBe(Buffer.byteLength('data: "é"\n\n'));
  });

  it('sends a comment after 15 s of silence, and only then', async () => {
    let now = 0;
    const out = new Collected();
    const events = new EventStream(out, () => now);
    now = HEARTBEAT_MS - 1;
    await events.keepAlive();
    expect(out.text).toBe('');

    now = HEARTBEAT_MS;
    await events.keepAlive();
    await events.keepAlive();
    expect(out.text).toBe(':\n\n');
  });

  it('waits until its reader takes more', async () => {
    const out = new Slow();
    const events = new EventStream(out, () => 0);
    let isSent = false;
    const sending = events.send(event).then(() => {
      isSent = true;
    });
    await Promise.resolve();
    expect([out.taken.length, isSent]).toEqual([1, false]);

    out.take();
    await sending;
    expect(isSent).toBe(true);
  });

  it('gives up a reader that takes nothing for 30 s', async () => {
    const events = new EventStream(new Slow(), () => 0);
    const sending = events.send(event);
    vi.advanceTimersByTime(29_999);
    expect(events.left.aborted).toBe(false);

    vi.advanceTimersByTime(1);
    await sending;
    expect(events.left.aborted).toBe(true);
  });

  it.each([
    ['closes', (out: Writable) => void out.emit('close')],
    ['breaks', (out: Writable) => void out.destroy(new Error('torn'))],
  ])('stops writing when it %s while it waits', async (_how, leave) => {
    const out = new Slow();
    const events = new EventStream(out, () => 0);
    const sending = events.send(event);
    leave(out);
    vi.useRealTimers();
    await sending;
    await new Promise(setImmediate);
    await events.send(event);

    expect(events.left.aborted).toBe(true);
    expect(out.taken).toHaveLength(1);
  });
});
