/** Retry keys, and numbers that arrive as they were sent. */

import { brief, membersOf } from '../../smoke/frame.ts';
import { expectMembers, expectThat } from '../peer.ts';
import type { Rule } from '../rule.ts';

/** Each has another value as a double. */
const UNSAFE_NUMBERS = [
  '590518626939830271',
  '1e400',
  '0.1000000000000000055511151231257827',
  '1e-400',
] as const;

export const keys: readonly Rule[] = [
  {
    name: 'retry-key',
    section: 'retry-keys',
    statement: 'lands a message that is sent again with its key once, and names its number again',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const publish = { action: 'publish', channel, data: 1, key: 'k' };
      const { seq } = await peer.ask(publish, 'published');
      expectMembers(await peer.ask(publish, 'published'), { seq });
      const { messages } = await peer.ask({ action: 'history', channel }, 'history');
      const records: readonly unknown[] = Array.isArray(messages) ? messages : [];
      // The repetition may have taken a number that stays void.
      const landed = records.filter((record) => membersOf(record)['void'] !== true);
      expectThat(landed.length === 1, `The history was ${brief(messages)}.`);
    },
  },
  {
    name: 'keys-of-others',
    section: 'retry-keys',
    statement: 'keeps the keys of two clients apart',
    async check(guest) {
      const channel = guest.newChannel();
      const [ann, bob] = [await guest.connect(), await guest.connect()];
      const publish = { action: 'publish', channel, data: 1, key: 'k' };
      const { seq } = await ann.ask(publish, 'published');
      expectMembers(await bob.ask(publish, 'published'), { seq: Number(seq) + 1 });
    },
  },
  {
    name: 'key-of-a-named-client',
    section: 'retry-keys',
    statement: 'knows the keys of a client by its name on the next connection',
    async check(guest) {
      const channel = guest.newChannel();
      const protocols = ['fanfare.v1', `fanfare.client.${guest.host.run}-${'n'.repeat(16)}`];
      const publish = { action: 'publish', channel, data: 1, key: 'k' };
      const { seq } = await (await guest.connect({ protocols })).ask(publish, 'published');
      expectMembers(await (await guest.connect({ protocols })).ask(publish, 'published'), { seq });
    },
  },
  {
    name: 'key-length',
    section: 'retry-keys',
    statement: 'refuses an empty key, and one of more than 128 characters',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      for (const key of ['', 'k'.repeat(129), 7])
        await peer.refused({ action: 'publish', channel, data: 1, key }, 'bad-request');
    },
  },
  {
    name: 'unsafe-numbers',
    section: 'numbers',
    statement: 'refuses a number that would arrive with another value, and names it',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      for (const number of UNSAFE_NUMBERS) {
        const command = `{"action":"publish","channel":"${channel}","data":[${number}]}`;
        const { message } = await peer.refused(command, 'bad-request');
        expectThat(String(message).includes(number), `The sentence was ${brief(message)}.`);
      }
    },
  },
  {
    name: 'safe-numbers',
    section: 'numbers',
    statement: 'delivers every other number with its value',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.subscribed(channel);
      const numbers = '[9007199254740991,-9007199254740991,0.1,1e21,1.0,5e-324]';
      const reply = await peer.answer(`{"action":"publish","channel":"${channel}","data":${numbers}}`);
      expectMembers(reply, { event: 'published' });
      const [message] = await peer.messages(channel, 1);
      expectMembers(membersOf(message), { data: JSON.parse(numbers) });
    },
  },
];
