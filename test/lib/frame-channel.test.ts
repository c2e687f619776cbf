import { describe, expect, it } from 'vitest';
import { frameChannel } from '../../lib/frame-channel.ts';

const json = JSON.stringify;

describe('the channel of a frame', () => {
  it('is the one that a command or an event names, at any place in the frame', () => {
    expect(frameChannel(json({ event: 'messages', channel: 'open:a', messages: [] }))).toBe('open:a');
    expect(frameChannel(json({ id: 1, data: 'x', action: 'publish', channel: 'open:a' }))).toBe('open:a');
    expect(frameChannel(json({ event: 'messages', channel: '@all', messages: [] }))).toBe('@all');
  });

  it('is not one that a payload names', () => {
    const data = { channel: 'open:fake' };

    expect(frameChannel(json({ action: 'publish', data, channel: 'open:a' }))).toBe('open:a');
    expect(frameChannel(json({ action: 'ping', data }))).toBeUndefined();
    expect(frameChannel(json({ action: 'publish', data: '"channel":"open:fake"' }))).toBeUndefined();
  });

  it('of an array is the one that all its commands name', () => {
    const to = (channel: string) => ({ action: 'publish', channel, data: 1 });

    expect(frameChannel(json([to('open:a'), to('open:a')]))).toBe('open:a');
    expect(frameChannel(json([to('open:a'), to('open:b')]))).toBeUndefined();
    expect(frameChannel(json([to('open:a'), { action: 'ping' }]))).toBeUndefined();
  });

  it('is undefined if another app uses the word differently, or the text is not JSON', () => {
    expect(frameChannel(json({ action: 'send', channel: 'general' }))).toBeUndefined();
    expect(frameChannel(json({ action: 'send', channel: 7 }))).toBeUndefined();
    expect(frameChannel('"channel"')).toBeUndefined();
    expect(frameChannel('{"channel":')).toBeUndefined();
    expect(frameChannel('null "channel"')).toBeUndefined();
  });
});
