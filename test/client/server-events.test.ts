/** Publishes as events of EventBridge, which the schema of the backend accepts. */

import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FanfareError, publishEvent } from 'fanfare-client/server';
import { operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

function mistake(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof FanfareError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('an event that publishes', () => {
  it('is an entry of PutEvents, whose detail names the stage', () => {
    const entry = publishEvent('prod', { channels: ['public:news'], data: { text: 'Hello' } });
    const { Detail, ...named } = entry;

    expect(named).toEqual({ Source: 'fanfare.publish.prod', DetailType: 'fanfare.publish' });
    expect(JSON.parse(Detail)).toEqual({ stage: 'prod', channels: ['public:news'], data: { text: 'Hello' } });
    expect(v.is(operations.publish.body, JSON.parse(Detail))).toBe(true);
    expect(new PutEventsCommand({ Entries: [entry] }).input.Entries).toEqual([entry]);
  });

  it('may come from a source of its author', () => {
    expect(publishEvent('prod', { everyone: true, data: 1 }, { source: 'my.shop' }).Source).toBe('my.shop');
    expect(mistake(() => publishEvent('prod', { everyone: true, data: 1 }, { source: 'aws.s3' }))).toContain(
      'source',
    );
  });

  it('names no other stage than that of its author', () => {
    const request: object = { stage: 'dev' };

    expect(JSON.parse(publishEvent('prod', { everyone: true, data: 1, ...request }).Detail)).toMatchObject({
      stage: 'prod',
    });
    expect(mistake(() => publishEvent('', { everyone: true, data: 1 }))).toContain(
      'it is the name of a stage',
    );
  });

  it.each<[string, object, string]>([
    ['no receiver', { data: 1 }, 'bad-request: publishEvent: name channels, users, or everyone.'],
    ['no message', { everyone: true }, 'publish needs either data or messages, not both'],
    [
      'a name that is no channel',
      { channels: ['news'], data: 1 },
      'channels.0: channel must be namespace:name',
    ],
    ['101 channels', { channels: Array.from({ length: 101 }, (_, n) => `a:${n}`), data: 1 }, 'channels'],
    [
      '51 messages',
      { everyone: true, messages: Array.from({ length: 51 }, (data) => ({ data: data ?? 1 })) },
      'messages',
    ],
    ['what is not JSON', { everyone: true, data: { price: Number.NaN } }, 'not JSON'],
    ['a number that JSON readers round', { everyone: true, data: 2 ** 53 }, 'bad-request: publishEvent: '],
    [
      'too many levels',
      { everyone: true, data: JSON.parse(`${'['.repeat(64)}${']'.repeat(64)}`) },
      'bad-request: publishEvent: ',
    ],
  ])('is not made with %s', (_what, request, why) => {
    expect(mistake(() => Reflect.apply(publishEvent, undefined, ['prod', request]))).toContain(why);
  });

  it('is as large as EventBridge takes', () => {
    const around = Object.values(publishEvent('prod', { everyone: true, data: '' })).join('').length;
    const data = 'é'.repeat((256 * 1024 - around) / 2);
    const odd = (256 * 1024 - around) % 2 === 0 ? '' : 'x';

    expect(publishEvent('prod', { everyone: true, data: data + odd }).Detail.length).toBeGreaterThan(1024);
    expect(mistake(() => publishEvent('prod', { everyone: true, data: `${data}${odd}x` }))).toContain(
      'too-large: publishEvent: the event has 262145 bytes, and EventBridge takes 262144.',
    );
  });
});
