import { beforeEach, describe, expect, it } from 'vitest';
import { BillMeter } from '../../../packages/local/src/bill/bill-meter.ts';

const MINUTE_MS = 60_000;

describe('the bill meter', () => {
  let now: number;
  let meter: BillMeter;

  beforeEach(() => {
    now = Date.UTC(2026, 10, 22);
    meter = new BillMeter({ now: () => now, channelOf: (text) => /"channel":"([^"]+)"/.exec(text)?.[1] });
    meter.load([
      { name: 'send', memoryMb: 512, architecture: 'x86_64' },
      { name: 'light', memoryMb: 128, architecture: 'arm64' },
    ]);
  });

  /** Times, quantity and dollars by name. */
  const lines = () =>
    Object.fromEntries(
      meter.bill().lines.map(({ name, times, quantity, dollars }) => [name, [times, quantity, dollars]]),
    );

  it('begins with an empty bill', () => {
    expect(meter.bill()).toMatchObject({ total: '0', lines: [], channels: [] });
  });

  it('counts messages by route and direction, in units of 32 KB (PX-1)', () => {
    meter.message('in', 'ping', '{"action":"ping"}');
    meter.message('out', 'ping', '{"event":"pong"}');
    meter.message('in', '$default', 'x'.repeat(40_960));

    expect(lines()).toEqual({
      'API Gateway WebSocket messages: $default, in': [1, '2', '0.000002'],
      'API Gateway WebSocket messages: ping, in': [1, '1', '0.000001'],
      'API Gateway WebSocket messages: ping, out': [1, '1', '0.000001'],
    });
    expect(meter.bill().total).toBe('0.000004');
  });

  it('counts the bytes of a message, and not its characters', () => {
    meter.message('in', '$default', 'é'.repeat(20_000));

    expect(lines()['API Gateway WebSocket messages: $default, in']).toEqual([1, '2', '0.000002']);
  });

  it('counts the minutes of a connection while it is open, and once it has closed (PX-1)', () => {
    meter.connected('a');
    meter.connected('b');
    now += MINUTE_MS;
    meter.disconnected('a');
    now += MINUTE_MS;

    expect(lines()).toEqual({ 'API Gateway connection minutes: open connections': [2, '3', '0.00000075'] });
    expect(meter.bill()).toEqual(meter.bill());
  });

  it('counts the runs of a function and their time by its memory and its architecture (PX-6)', () => {
    meter.invocation('send', 12, 0);
    meter.invocation('send', 8, 0);
    meter.invocation('light', 0.4, 0);

    expect(lines()).toEqual({
      'Lambda requests: light': [1, '1', '0.0000002'],
      'Lambda requests: send': [2, '2', '0.0000004'],
      'Lambda time on arm64: light': [1, '0.000125', '0.000000001666675'],
      'Lambda time on x86_64: send': [2, '0.01', '0.000000166667'],
    });
    expect(meter.bill().total).toBe('0.000000768333675');
  });

  it('names the memory of a function in the line on its time, and in no other', () => {
    meter.invocation('send', 12, 0);

    expect(meter.bill().lines.map(({ item, memoryMb }) => [item, memoryMb])).toEqual([
      ['requests', undefined],
      ['time on x86_64', 512],
    ]);
  });

  it('counts halves of read units, and whole write units, by table (PX-7)', () => {
    meter.capacity({ kind: 'read', tableName: 'rooms', units: 0.5 });
    meter.capacity({ kind: 'read', tableName: 'rooms', units: 1 });
    meter.capacity({ kind: 'write', tableName: 'rooms', units: 2 });

    expect(lines()).toEqual({
      'DynamoDB read request units: rooms': [2, '1.5', '0.0000001875'],
      'DynamoDB write request units: rooms': [1, '2', '0.00000125'],
    });
  });

  it('counts requests to an HTTP API, events and calls for secrets', () => {
    meter.httpRequest('POST /messages', 600_000);
    meter.event('default', 100);
    meter.secretCall('token');

    expect(lines()).toEqual({
      'API Gateway HTTP API requests: POST /messages': [1, '2', '0.000002'],
      'EventBridge custom events: default': [1, '1', '0.000001'],
      'Secrets Manager API calls: token': [1, '1', '0.000005'],
    });
  });

  it('counts streamed bytes beyond 6 MB', () => {
    meter.invocation('light', 1, 6 * 1024 * 1024 + 1_000_000);

    expect(lines()['Lambda streamed responses over 6 MB: light']).toEqual([1, '0.001', '0.000008']);
  });

  it('has the cost of the messages of a channel, which is a part of the lines', () => {
    meter.message('in', '$default', JSON.stringify({ action: 'publish', channel: 'open:a', data: 1 }));
    for (let subscriber = 0; subscriber < 3; subscriber++)
      meter.message('out', '@connections', JSON.stringify({ event: 'messages', channel: 'open:a' }));

    expect(meter.bill()).toMatchObject({
      total: '0.000004',
      channels: [{ channel: 'open:a', messagesIn: 1, messagesOut: 3, dollars: '0.000004' }],
    });
  });

  it('begins a new bill that continues only with open connections', () => {
    meter.connected('a');
    meter.message('in', 'ping', 'x');
    now += 5 * MINUTE_MS;
    meter.reset();
    now += MINUTE_MS;

    expect(lines()).toEqual({ 'API Gateway connection minutes: open connections': [1, '1', '0.00000025'] });
    expect(meter.bill().since).toBe('2026-11-22T00:05:00.000Z');
  });

  it('takes a duration that a test has fixed', () => {
    meter = new BillMeter({ durationOf: (name) => (name === 'send' ? 10 : 1) });
    meter.load([{ name: 'send', memoryMb: 1024, architecture: 'x86_64' }]);
    meter.invocation('send', 77, 0);

    expect(lines()['Lambda time on x86_64: send']).toEqual([1, '0.01', '0.000000166667']);
  });
});
