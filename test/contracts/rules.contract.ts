/** The contract of the user's own rules: the same handler, the same answers and the same messages at every door. */

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Client } from '../local/client.ts';

/** As an answer names it; of events only the code is known, from the log. */
export interface Refused {
  readonly code: string;
  readonly status?: number;
  readonly message?: string;
  readonly index?: number | undefined;
}

export type Content =
  | { readonly data: unknown; readonly key?: string }
  | { readonly messages: readonly { readonly data: unknown; readonly key?: string }[] };

/** A way by which messages come in. */
export interface PublishDoor {
  /** The kind of its callers, as handlers see it. */
  readonly caller: string;
  readonly publish: (channel: string, content: Content) => Promise<'published' | Refused>;
}

/** A way by which clients subscribe. */
export interface SubscribeDoor {
  /** The answer to each subscription, in their order. */
  readonly subscribe: (channels: readonly string[]) => Promise<readonly ('subscribed' | Refused)[]>;
}

const messages = v.object({
  event: v.literal('messages'),
  messages: v.array(v.object({ seq: v.number(), data: v.unknown() })),
});

const SENTENCE = 'A message has at most 500 characters.';

const failed = { code: 'internal', status: 500, message: expect.stringMatching(/request \S+\.$/) };

/** An answer as far as the door says it. */
function matching(answer: 'published' | Refused, expected: object): void {
  const names = answer === 'published' ? [] : Object.keys(answer);
  expect(names).toContain('code');
  expect(answer).toMatchObject(
    Object.fromEntries(Object.entries(expected).filter(([name]) => names.includes(name))),
  );
}

export function publishRules(name: string, door: () => PublishDoor, websocketUrl: () => string): void {
  describe(`the rules for messages that come by ${name}`, () => {
    /** A subscriber of a new channel. */
    async function watched() {
      const channel = `ruled:${randomUUID()}`;
      const watcher = await Client.open(websocketUrl());
      onTestFinished(() => watcher.kill());
      await watcher.ask({ action: 'subscribe', channel });
      const heard = async () => v.parse(messages, await watcher.next()).messages;
      return { channel, heard, publish: (content: Content) => door().publish(channel, content) };
    }

    /** Two messages that pass, with the content between them. The numbers show that nothing was written in between. */
    async function between(content: Content) {
      const { publish, heard } = await watched();
      expect(await publish({ data: 'before' })).toBe('published');
      const [before] = await heard();
      const answer = await publish(content);
      expect(await publish({ data: 'after' })).toBe('published');
      const [after] = await heard();
      expect(after).toEqual({ ...after, seq: (before?.seq ?? 0) + 1, data: 'after' });
      return answer;
    }

    it('let 500 characters pass', async () => {
      const { publish, heard } = await watched();

      expect(await publish({ data: 'x'.repeat(500) })).toBe('published');
      expect(await heard()).toMatchObject([{ data: 'x'.repeat(500) }]);
    });

    it('refuse 501 characters by the sentence of their author, and nothing is published', async () => {
      const answer = await between({ data: 'x'.repeat(501) });

      matching(answer, { code: 'rejected', status: 422, message: SENTENCE });
    });

    it('refuse a message with a key in the same way: the client library gives one to each message', async () => {
      const answer = await between({ messages: [{ data: 'x'.repeat(501), key: randomUUID() }] });

      matching(answer, { code: 'rejected', status: 422, message: SENTENCE, index: 0 });
    });

    it('change a message, and know who has sent it', async () => {
      const { publish, heard } = await watched();

      expect(await publish({ data: 'change me' })).toBe('published');
      expect(await heard()).toMatchObject([{ data: `changed for a ${door().caller}` }]);
    });

    it.each(['throw', 'hang', 'rubbish'])(
      'publish nothing if the handler answers with a %s',
      async (data) => {
        matching(await between({ data }), failed);
      },
    );

    it.each([
      ['refused', 'x'.repeat(501), { code: 'rejected', status: 422, message: SENTENCE }],
      ['failed', 'throw', failed],
    ])(
      'publish no message of a batch in which one was %s, and name that one',
      async (_how, bad, expected) => {
        const answer = await between({ messages: [{ data: 'good' }, { data: bad }, { data: 'good' }] });

        matching(answer, { ...expected, index: 1 });
      },
    );
  });
}

export function subscribeRules(name: string, door: () => SubscribeDoor): void {
  describe(`the rules for subscriptions that come by ${name}`, () => {
    it('refuse one of several subscriptions alone', async () => {
      const channel = `ruled:${randomUUID()}`;
      const channels = [`${channel}/a`, `${channel}/closed`, `${channel}/b`];

      expect(await door().subscribe(channels)).toEqual([
        'subscribed',
        expect.objectContaining({ code: 'forbidden', status: 403, message: 'This room is closed.' }),
        'subscribed',
      ]);
    });

    it.each(['throws', 'hangs', 'rubbish'])('let nothing in if the handler answers with: %s', async (how) => {
      const channel = `ruled:${randomUUID()}`;

      expect(await door().subscribe([`${channel}/${how}`, `${channel}/a`])).toEqual([
        expect.objectContaining(failed),
        'subscribed',
      ]);
    });
  });
}
