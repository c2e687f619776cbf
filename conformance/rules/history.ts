/** Pages of a channel's past, and the positions that users mark. */

import { HISTORY_LIMIT_MAX } from 'fanfare-protocol/limits';
import { pollUntil } from '../../smoke/within.ts';
import { expectMembers, expectThat, type Peer } from '../peer.ts';
import type { Rule } from '../rule.ts';

const section = 'commands-and-replies';

/** The numbers of five messages, which are 0 to 4. */
async function fiveIn(channel: string, peer: Peer): Promise<readonly number[]> {
  const messages = [0, 1, 2, 3, 4].map((data) => ({ data }));
  const { seq } = await peer.ask({ action: 'publish', channel, messages }, 'published');
  return messages.map((_, index) => Number(seq) - messages.length + 1 + index);
}

/** The page's messages by their data. */
function dataOf({ messages }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(
    Array.isArray(messages) ? messages.map((one: unknown) => Object(one)['data']) : messages,
  );
}

async function membersIn(channel: string, [peer]: readonly Peer[]): Promise<readonly unknown[]> {
  const reply = await peer?.ask({ action: 'members', channel }, 'members');
  const members = reply?.['members'];
  return Array.isArray(members) ? members : [];
}

const isFilled = ({ length }: readonly unknown[]) => length > 0;

export const history: readonly Rule[] = [
  {
    name: 'newest-page',
    section,
    statement: 'answers history without a position by the newest page, oldest first',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      await fiveIn(channel, peer);
      const page = await peer.ask({ action: 'history', channel, limit: 2 }, 'history');
      expectThat(dataOf(page) === '[3,4]', `The page was ${dataOf(page)}.`);
      expectMembers(page, { more: true });
    },
  },
  {
    name: 'page-after',
    section,
    statement: 'answers history with after by what is behind that position',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const [, second, third] = await fiveIn(channel, peer);
      const page = await peer.ask({ action: 'history', channel, after: second, limit: 2 }, 'history');
      expectThat(dataOf(page) === '[2,3]', `The page was ${dataOf(page)}.`);
      expectMembers(page, { more: true });
      const rest = await peer.ask({ action: 'history', channel, after: third }, 'history');
      expectThat(dataOf(rest) === '[3,4]', `The last page was ${dataOf(rest)}.`);
      expectMembers(rest, { more: false });
    },
  },
  {
    name: 'page-before',
    section,
    statement: 'answers history with before by what precedes that position, oldest first',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const [, , third] = await fiveIn(channel, peer);
      const page = await peer.ask({ action: 'history', channel, before: third }, 'history');
      expectThat(dataOf(page) === '[0,1]', `The page was ${dataOf(page)}.`);
      expectMembers(page, { more: false });
    },
  },
  {
    name: 'from-the-start',
    section,
    statement: 'answers history after 0 from the oldest message, and says the number of the first',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const [first] = await fiveIn(channel, peer);
      const page = await peer.ask({ action: 'history', channel, after: 0, limit: 1 }, 'history');
      expectThat(dataOf(page) === '[0]', `The page was ${dataOf(page)}.`);
      expectMembers(page, { first, more: true });
    },
  },
  {
    name: 'page-limits',
    section,
    statement: `refuses a page of 0 or of more than ${HISTORY_LIMIT_MAX} messages, and a page with both positions`,
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      for (const wrong of [{ limit: 0 }, { limit: HISTORY_LIMIT_MAX + 1 }, { after: 1, before: 2 }])
        await peer.refused({ action: 'history', channel, ...wrong }, 'bad-request');
    },
  },
  {
    name: 'mark',
    section,
    statement: 'keeps the position that a user marks, moves it only forward, and resumes from it',
    signedIn: true,
    async check(guest) {
      const channel = guest.newChannel();
      const [phone, laptop] = [
        await guest.connect({ query: guest.token }),
        await guest.connect({ query: guest.token }),
      ];
      const [, second, third] = await fiveIn(channel, phone);
      const mark = (seq: unknown) => phone.ask({ action: 'mark', channel, seq }, 'marked');
      expectMembers(await mark(third), { seq: third });
      expectMembers(await mark(second), { seq: third });
      expectMembers(await mark(0), { seq: third });
      const reply = await laptop.ask({ action: 'subscribe', channel, after: 'marked' }, 'subscribed');
      expectThat(dataOf(reply) === '[3,4]', `The reply had ${dataOf(reply)}.`);
    },
  },
  {
    name: 'mark-beyond',
    section,
    statement: 'refuses to mark a position beyond the last message',
    signedIn: true,
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect({ query: guest.token });
      const five = await fiveIn(channel, peer);
      await peer.refused({ action: 'mark', channel, seq: Number(five.at(-1)) + 1 }, 'bad-request');
    },
  },
  {
    name: 'mark-anonymous',
    section,
    statement: 'refuses to mark for an anonymous client, with unauthenticated',
    async check(guest) {
      const peer = await guest.connect();
      await peer.refused({ action: 'mark', channel: guest.newChannel(), seq: 0 }, 'unauthenticated');
    },
  },
  {
    name: 'members',
    section,
    statement: 'lists a signed-in user of a channel once, with any number of connections',
    signedIn: true,
    async check(guest) {
      const channel = guest.newChannel();
      const peers = [
        await guest.connect({ query: guest.token }),
        await guest.connect({ query: guest.token }),
      ];
      for (const peer of peers) await peer.ask({ action: 'subscribe', channel }, 'subscribed');
      // The list follows the subscriptions after a moment.
      const members = await pollUntil(guest.host.patienceMs, () => membersIn(channel, peers), isFilled);
      expectThat(members.length === 1, `The members were ${JSON.stringify(members)}.`);
    },
  },
];
