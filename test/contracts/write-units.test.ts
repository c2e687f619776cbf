/** The write units of publishing with retry keys and of editing, on the embedded DynamoDB. */

import { actionSchemas } from 'fanfare-protocol/actions';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { MARKED_FROM } from '../../lambdas/realtime/log/repetition.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { memoryPorts, NOW, subscriptionFixture } from '../memory/memory-ports.ts';
import { openConfig } from '../memory/open-config.ts';
import { meteredStores } from './metered-stores.ts';

const metered = meteredStores();

/** Runs a command in a channel in which the connections share one row of subscribers, and returns the reply with its units. */
async function ask(command: object) {
  const ports = { ...memoryPorts(), ...metered().stores };
  let reply: unknown;
  const units = await metered().unitsOf(async () => {
    const frame = JSON.stringify(command);
    reply = JSON.parse(
      await answer(frame, sessionFixture({ user: 'ann' }), actionContext(openConfig, ports)),
    );
  });
  return { ...units, reply };
}

async function publish(channel: string, content: object) {
  const { write, reply } = await ask({ action: 'publish', channel, ...content });
  return { write, seqs: v.parse(actionSchemas.publish.reply, reply).seqs, reply };
}

async function subscribers(channel: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const row = { channel, connectionId: `subscriber-${n}=`, expiresAt: NOW / 1000 + 7_200 };
    await metered().stores.subscriptions.put(subscriptionFixture(row));
  }
}

const batch = Array.from({ length: 50 }, (_, n) => ({ data: 'x'.repeat(100), key: `key-${n}` }));

it.each([
  ['three write units below 16 subscribers', 'open:few', 1, 3],
  ['four write units from 16 subscribers on', 'open:many', MARKED_FROM, 4],
])('a publish with a key takes %s', async (_what, channel, count, units) => {
  await subscribers(channel, count);

  expect(await publish(channel, { data: 'x', key: 'k' })).toMatchObject({ write: units });
});

it('a batch of 50 messages of 100 bytes with a key each takes at most 60 write units, and each message has its number', async () => {
  const channel = 'open:batch';
  await subscribers(channel, MARKED_FROM);

  const { write, seqs = [] } = await publish(channel, { messages: batch });

  expect(write).toBeLessThanOrEqual(60);
  const [first = 0] = seqs;
  expect(seqs).toEqual(batch.map((_, index) => first + index));
});

it('a batch that is repeated takes as many write units as it has numbers to give up, and a few', async () => {
  const channel = 'open:repeated';
  const once = await publish(channel, { messages: batch });

  const again = await publish(channel, { messages: batch });

  expect(again.seqs).toEqual(once.seqs);
  expect(again.write).toBeLessThanOrEqual(batch.length + 10);
});

it('a batch of 50 messages without keys takes as many write units as it has kilobytes, and one for the head', async () => {
  const messages = batch.map(({ data }) => ({ data }));

  expect(await publish('open:unkeyed', { messages })).toMatchObject({ write: 1 + 6 });
});

describe('a publish with a name', () => {
  const inGame = (content: object) => publish('game:values', content);

  it.each([
    ['without a key, which begins a channel or ends a pause of two minutes, takes six write units', {}, 6],
    ['without a key takes five', {}, 5],
    ['with a key takes six', { key: 'k' }, 6],
    ['that removes the value takes five', { data: undefined, remove: true }, 5],
  ])('%s', async (_what, more, units) => {
    expect(await inGame({ name: 'a', data: 'x'.repeat(500), ...more })).toMatchObject({ write: units });
  });

  it('in a batch of 50 names takes two write units each, and two for each kilobyte of the batch', async () => {
    const messages = batch.map(({ data }, n) => ({ data, name: `name-${n}` }));

    const { write } = await inGame({ messages });

    expect(write).toBeLessThanOrEqual(1 + 2 * 50 + 2 * 8);
  });
});

describe('an edit', () => {
  const seqIn = (reply: unknown) => v.parse(v.object({ seq: v.number() }), reply).seq;

  it.each([
    ['takes five write units and one read unit for the message', { data: 'y'.repeat(500) }, 5],
    ['with a key takes six', { data: 'y'.repeat(500), key: 'k' }, 6],
    ['that deletes takes five', { remove: true }, 5],
  ])('of a message of half a kilobyte %s', async (_what, change, units) => {
    const channel = `open:edited-${units}-${'remove' in change}`;
    const { reply } = await publish(channel, { data: 'x'.repeat(500) });

    const {
      write,
      read,
      reply: edited,
    } = await ask({ action: 'edit', channel, seq: seqIn(reply), ...change });

    expect(seqIn(edited)).toBe(seqIn(reply) + 1);
    expect(write).toBe(units);
    // One for the message; the others are those of every publish, for the subscribers.
    expect(read).toBeLessThanOrEqual(2);
  });

  it('in a batch of 50 takes three, and two for each kilobyte of the batch', async () => {
    const channel = 'open:edited-batch';
    const { reply } = await publish(channel, { messages: batch.map(({ data }) => ({ data })) });

    const { write } = await ask({ action: 'edit', channel, seq: seqIn(reply), data: 'y' });

    expect(write).toBeLessThanOrEqual(3 + 2 * 6);
  });
});
