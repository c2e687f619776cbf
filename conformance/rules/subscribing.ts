/** What a subscriber gets: live messages, and what was missed. */

import { expectMembers, expectThat } from '../peer.ts';
import type { Rule } from '../rule.ts';

const section = 'commands-and-replies';

export const subscribing: readonly Rule[] = [
  {
    name: 'nothing-published',
    section,
    statement: 'says seq 0 where nothing was published yet, and no first',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const reply = await peer.ask({ action: 'subscribe', channel }, 'subscribed');
      expectMembers(reply, { channel, seq: 0, first: undefined, messages: undefined });
    },
  },
  {
    name: 'resumed-from-nothing',
    section,
    statement: 'recovers a channel without messages from position 0',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const reply = await peer.ask({ action: 'subscribe', channel, after: 0 }, 'subscribed');
      expectMembers(reply, { seq: 0, recovered: true, messages: [] });
    },
  },
  {
    name: 'resumed',
    section,
    statement: 'answers subscribe with after by everything behind that position, in order and complete',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const seqs: unknown[] = [];
      for (const data of ['a', 'b', 'c'])
        seqs.push((await peer.ask({ action: 'publish', channel, data }, 'published'))['seq']);
      const reply = await peer.ask({ action: 'subscribe', channel, after: seqs[0] }, 'subscribed');
      expectMembers(reply, { recovered: true, seq: seqs[2] });
      expectContent(reply['messages'], seqs.slice(1), ['b', 'c']);
    },
  },
  {
    name: 'resumed-from-the-start',
    section,
    statement: 'recovers from position 0 all messages, and says the number of the first',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const { seq } = await peer.ask({ action: 'publish', channel, data: 1 }, 'published');
      const reply = await peer.ask({ action: 'subscribe', channel, after: 0 }, 'subscribed');
      expectMembers(reply, { recovered: true, first: seq, seq });
      expectContent(reply['messages'], [seq], [1]);
    },
  },
  {
    name: 'newest',
    section,
    statement: 'answers subscribe with last by the newest messages, in order, and the position before them',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const seqs: unknown[] = [];
      for (const data of ['a', 'b', 'c'])
        seqs.push((await peer.ask({ action: 'publish', channel, data }, 'published'))['seq']);
      const reply = await peer.ask({ action: 'subscribe', channel, last: 2 }, 'subscribed');
      expectMembers(reply, { after: seqs[0], seq: seqs[2], more: false });
      expectContent(reply['messages'], seqs.slice(1), ['b', 'c']);
      const limited = await peer.ask({ action: 'subscribe', channel, last: 2, limit: 1 }, 'subscribed');
      expectMembers(limited, { after: seqs[0], more: true });
      expectContent(limited['messages'], seqs.slice(1, 2), ['b']);
    },
  },
  {
    name: 'newest-and-resumed',
    section,
    statement: 'refuses subscribe with both after and last',
    async check(guest) {
      const peer = await guest.connect();
      const channel = guest.newChannel();
      await peer.refused({ action: 'subscribe', channel, after: 0, last: 1 }, 'bad-request');
    },
  },
  {
    name: 'resumed-from-the-future',
    section,
    statement: 'does not recover from a position that no message has reached',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      await peer.ask({ action: 'publish', channel, data: 1 }, 'published');
      const after = Number.MAX_SAFE_INTEGER;
      const reply = await peer.ask({ action: 'subscribe', channel, after }, 'subscribed');
      expectMembers(reply, { recovered: false });
      expectThat([undefined, '[]'].includes(JSON.stringify(reply['messages'])), 'The reply has messages.');
    },
  },
  {
    name: 'live',
    section: 'messages',
    statement: 'delivers a message to every subscriber, its sender too, and to no other client',
    async check(guest) {
      const channel = guest.newChannel();
      const [ann, bob, eve] = [
        await guest.subscribed(channel),
        await guest.subscribed(channel),
        await guest.connect(),
      ];
      const { seq } = await ann.ask({ action: 'publish', channel, data: { text: 'hello' } }, 'published');
      for (const peer of [ann, bob])
        expectContent(await peer.messages(channel, 1), [seq], [{ text: 'hello' }]);
      await eve.isOpen();
      expectThat(eve.untaken(channel).length === 0, 'A client that is not subscribed got the message.');
    },
  },
  {
    name: 'no-sender',
    section: 'messages',
    statement: 'names no sender of a message from an anonymous client, also if the client names one',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.subscribed(channel);
      await peer.ask({ action: 'publish', channel, data: 1, from: 'ann', user: 'ann' }, 'published');
      const [message] = await peer.messages(channel, 1);
      expectMembers(message, { from: undefined });
    },
  },
  {
    name: 'sender',
    section: 'messages',
    statement: 'names the user as the sender of a message',
    signedIn: true,
    async check(guest) {
      const channel = guest.newChannel();
      const [ann, bob] = [await guest.connect({ query: guest.token }), await guest.subscribed(channel)];
      await ann.ask({ action: 'publish', channel, data: 1, from: 'another' }, 'published');
      const [message] = await bob.messages(channel, 1);
      const { from } = message ?? {};
      expectThat(from !== undefined && from !== 'another', `The sender was ${JSON.stringify(from)}.`);
    },
  },
  {
    name: 'numbered',
    section: 'messages',
    statement: 'numbers the messages of a channel one after the other',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const seqs: number[] = [];
      for (let data = 0; data < 5; data++)
        seqs.push(Number((await peer.ask({ action: 'publish', channel, data }, 'published'))['seq']));
      const [first = 0] = seqs;
      expectThat(
        seqs.every((seq, index) => seq === first + index),
        `The numbers were ${seqs.join(', ')}.`,
      );
    },
  },
  {
    name: 'batch',
    section,
    statement: 'delivers the messages of one publish in one frame, in order',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.subscribed(channel);
      const messages = [{ data: 'first' }, { data: 'second' }];
      const { seq } = await peer.ask({ action: 'publish', channel, messages }, 'published');
      // One frame: the second message is not waited for.
      const got = await peer.messages(channel, 1);
      expectContent(got, [Number(seq) - 1, seq], ['first', 'second']);
    },
  },
  {
    name: 'unsubscribed',
    section,
    statement: 'delivers nothing more after unsubscribed',
    async check(guest) {
      const channel = guest.newChannel();
      const [ann, bob] = [await guest.subscribed(channel), await guest.subscribed(channel)];
      await bob.ask({ action: 'unsubscribe', channel }, 'unsubscribed');
      await ann.ask({ action: 'publish', channel, data: 1 }, 'published');
      await ann.messages(channel, 1);
      await bob.isOpen();
      expectThat(bob.untaken(channel).length === 0, 'A message came after the reply to unsubscribe.');
    },
  },
  {
    name: 'text',
    section: 'messages',
    statement: 'keeps a text exactly, in any script',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.subscribed(channel);
      const data = 'naïve 日本語 🎺 \u0000 \u2028 "quoted" \\';
      await peer.ask({ action: 'publish', channel, data }, 'published');
      const [message] = await peer.messages(channel, 1);
      expectMembers(message, { data });
    },
  },
  {
    name: 'any-json',
    section: 'messages',
    statement: 'carries any JSON value, null among them',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.subscribed(channel);
      for (const data of [null, false, 0, '', [], {}, { a: [{ b: null }] }]) {
        await peer.ask({ action: 'publish', channel, data }, 'published');
        const [message] = await peer.messages(channel, 1);
        expectMembers(message, { data });
      }
    },
  },
];

function expectContent(messages: unknown, seqs: readonly unknown[], data: readonly unknown[]): void {
  const all: readonly unknown[] = Array.isArray(messages) ? messages : [];
  expectThat(
    all.length === data.length,
    `Expected ${data.length} messages; got ${JSON.stringify(messages)}.`,
  );
  for (const [index, message] of all.entries())
    expectMembers(message, { seq: seqs[index], data: data[index] });
}
