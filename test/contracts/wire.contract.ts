/**
 * The contract of the wire protocol for a plain WebSocket client. It runs against the local runtime in the test suite, or against
 * a stage whose URL is given. The stage needs the namespace `open`, in which every client has every right.
 */

import { afterEach, describe, expect, it } from 'vitest';
import { Client, refusalOf } from '../local/client.ts';

/** Where the backend is; asked for when a test starts, because the suite may still have to start it. */
export type Target = () => string;

const ANY = expect.any(Number);

let counter = 0;

/** A channel that no other test and no other run uses. */
function freshChannel(): string {
  counter += 1;
  return `open:${process.pid}-${Date.now()}-${counter}`;
}

export function wireContract(name: string, url: Target): void {
  describe(`the wire protocol on ${name}`, () => {
    const clients: Client[] = [];

    afterEach(async () => {
      await Promise.all(clients.splice(0).map((client) => client.close()));
    });

    async function connect(): Promise<Client> {
      const client = await Client.open(url());
      clients.push(client);
      return client;
    }

    async function subscribed(channel: string): Promise<Client> {
      const client = await connect();
      expect(await client.ask({ action: 'subscribe', channel })).toEqual({
        event: 'subscribed',
        channel,
        seq: ANY,
      });
      return client;
    }

    it('tells early subscribers that no message exists, and then which message is the first', async () => {
      const channel = freshChannel();
      const client = await connect();
      const nothing = { event: 'subscribed', channel, seq: 0 };
      expect(await client.ask({ action: 'subscribe', channel })).toEqual(nothing);
      const recovered = { ...nothing, recovered: true, messages: [], more: false };
      expect(await client.ask({ action: 'subscribe', channel, after: 0 })).toEqual(recovered);
      client.ignore('messages');
      const [one, two] = [
        await client.ask({ action: 'publish', channel, data: 1 }),
        await client.ask({ action: 'publish', channel, data: 2 }),
      ].map((reply) => Number(JSON.parse(JSON.stringify(reply)).seq));

      const messages = [1, 2].map((data, index) => ({ seq: [one, two][index], data, time: ANY }));
      const page = { channel, first: one, messages, more: false };
      expect(await client.ask({ action: 'subscribe', channel, after: 0 })).toEqual({
        ...page,
        event: 'subscribed',
        seq: two,
        recovered: true,
      });
      expect(await client.ask({ action: 'history', channel, after: 0 })).toEqual({
        ...page,
        event: 'history',
      });
    });

    it('gives fanfare.v1 to a client that offers it', async () => {
      const client = await Client.open(url(), ['fanfare.v1']);
      clients.push(client);

      expect(client.socket.protocol).toBe('fanfare.v1');
    });

    it('accepts a client that offers no subprotocol', async () => {
      const client = await connect();

      expect(client.socket.protocol).toBe('');
    });

    it('refuses a number that would not arrive as it was sent, and delivers every other number unchanged', async () => {
      const channel = freshChannel();
      const subscriber = await subscribed(channel);
      const client = await connect();
      const publish = (id: number, data: string) =>
        `{"action":"publish","id":${id},"channel":"${channel}","data":${data}}`;

      for (const number of ['590518626939830271', '1e400', '0.1000000000000000055511151231257827'])
        expect(await client.ask(publish(1, `[${number}]`))).toMatchObject({
          event: 'error',
          id: 1,
          code: 'bad-request',
          message: expect.stringContaining(number),
        });
      expect(await client.ask(publish(2, '[9007199254740991,0.1,1e21]'))).toMatchObject({ id: 2 });
      expect(await subscriber.next()).toMatchObject({
        event: 'messages',
        messages: [{ data: [9007199254740991, 0.1, 1e21] }],
      });
    });

    it('refuses a client that offers only other subprotocols with a 400', async () => {
      expect(await refusalOf(url(), ['graphql-transport-ws'])).toBe(400);
    });

    it('carries a message to every subscriber of the channel, the sender too, and to no other client', async () => {
      const channel = freshChannel();
      const [ann, bob, eve] = [await subscribed(channel), await subscribed(channel), await connect()];

      ann.send({ action: 'publish', channel, data: { text: 'hello' }, id: 1 });

      const message = {
        event: 'messages',
        channel,
        first: ANY,
        messages: [{ seq: ANY, data: { text: 'hello' }, time: ANY }],
      };
      const published = { event: 'published', channel, seq: ANY, id: 1 };
      // Reply and push are not ordered (PR-10).
      expect([await ann.next(), await ann.next()]).toEqual(expect.arrayContaining([message, published]));
      expect(await bob.next()).toEqual(message);
      expect(await eve.ask({ action: 'ping' })).toEqual({ event: 'pong' });
    });

    it('carries no more messages after unsubscribe', async () => {
      const channel = freshChannel();
      const [ann, bob] = [await subscribed(channel), await subscribed(channel)];
      await bob.ask({ action: 'unsubscribe', channel });

      ann.send({ action: 'publish', channel, data: 1 });

      await ann.next();
      await ann.next();
      expect(await bob.ask({ action: 'ping' })).toEqual({ event: 'pong' });
    });

    it('carries several messages of one publish in one frame, in order', async () => {
      const channel = freshChannel();
      const [ann, bob] = [await connect(), await subscribed(channel)];

      await ann.ask({ action: 'publish', channel, messages: [{ data: 'first' }, { data: 'second' }] });

      expect(await bob.next()).toMatchObject({ messages: [{ data: 'first' }, { data: 'second' }] });
    });

    it('answers an array of commands with an array of the same order', async () => {
      const channel = freshChannel();
      const client = await connect();

      expect(
        await client.ask([
          { action: 'subscribe', channel, id: 'a' },
          { action: 'unsubscribe', channel, id: 'b' },
          { action: 'nope', id: 'c' },
        ]),
      ).toMatchObject([
        { event: 'subscribed', id: 'a' },
        { event: 'unsubscribed', id: 'b' },
        { event: 'error', id: 'c', code: 'unknown-action', status: 404 },
      ]);
    });

    it('keeps text of every script exactly', async () => {
      const channel = freshChannel();
      const client = await subscribed(channel);
      const data = 'naïve 日本語 🎺 \u0000 \u2028 "quoted" \\';

      client.send([{ action: 'publish', channel, data }]);

      expect([await client.next(), await client.next()]).toContainEqual({
        event: 'messages',
        channel,
        first: ANY,
        messages: [{ seq: ANY, data, time: ANY }],
      });
    });

    it.each([
      ['text that is not JSON', 'hello'],
      ['an empty message', ''],
      ['an empty array', '[]'],
      ['an empty object', '{}'],
      ['null', 'null'],
      ['deep nesting', '['.repeat(30_000)],
      ['an unknown action', '{"action":"dance"}'],
      ['a lifecycle route', '{"action":"$connect"}'],
      ['an object as the action', '{"action":{}}'],
      ['a number as the channel', '{"action":"subscribe","channel":7}'],
      ['a prototype key', '{"__proto__":{"action":"subscribe","channel":"open:a"}}'],
      ['a constructor as the action', '{"action":"constructor"}'],
    ])('answers %s with an error frame, and the connection stays open', async (_what, frame) => {
      const client = await connect();

      expect(await client.ask(frame)).toMatchObject({ event: 'error', status: expect.any(Number) });
      expect(await client.ask({ action: 'ping' })).toEqual({ event: 'pong' });
    });

    it('closes on a frame over 32 KB with 1009 (LM-4)', async () => {
      const client = await connect();

      client.send('x'.repeat(33 * 1024));

      expect(await client.closed).toMatchObject({ code: 1009 });
    });

    it('closes on a binary frame with 1003 (LM-7)', async () => {
      const client = await connect();

      client.socket.send(Buffer.from('{}'));

      expect(await client.closed).toMatchObject({ code: 1003 });
    });
  });
}
