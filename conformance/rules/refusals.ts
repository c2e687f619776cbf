/** What a server refuses, and that the connection stays open. */

import {
  CHANNEL_LENGTH,
  FRAME_BYTES,
  ID_LENGTH,
  JSON_DEPTH,
  MESSAGES_PER_PUBLISH,
} from 'fanfare-protocol/limits';
import { brief, membersOf } from '../../smoke/frame.ts';
import { expectMembers, expectThat } from '../peer.ts';
import type { Rule } from '../rule.ts';

/** Four times what a quiet connection has saved up. */
const FLOOD = { frames: 20, commandsPerFrame: 100 };

const malformed: readonly string[] = [
  'hello',
  '',
  '[]',
  '{}',
  'null',
  '7',
  '{"action":{}}',
  '{"action":"$connect"}',
  '{"action":"subscribe"}',
  '{"action":"subscribe","channel":7}',
  '{"__proto__":{"action":"subscribe","channel":"open:a"}}',
];

const closesWith = (code: number, name: string, statement: string, frame: string | Uint8Array): Rule => ({
  name,
  section: 'limits',
  statement,
  async check(guest) {
    const peer = await guest.connect();
    if (typeof frame === 'string') peer.send(frame);
    else peer.wire.sendBinary(frame);
    const closing = await peer.closing();
    expectThat(closing.code === code, `The server closed the connection with ${closing.code}.`);
  },
});

export const refusals: readonly Rule[] = [
  {
    name: 'malformed',
    section: 'errors',
    statement: 'answers what is no command with an error, and keeps the connection open',
    async check(guest) {
      const peer = await guest.connect();
      for (const frame of malformed) {
        const reply = await peer.answer(frame);
        expectThat(membersOf(reply)['event'] === 'error', `${brief(frame)} was answered ${brief(reply)}.`);
        await peer.isOpen();
      }
    },
  },
  {
    name: 'depth',
    section: 'limits',
    statement: `refuses JSON that is nested deeper than ${JSON_DEPTH} levels`,
    async check(guest) {
      const peer = await guest.connect();
      await peer.refused('['.repeat(FRAME_BYTES / 2), 'bad-request');
      const deep = `${'['.repeat(JSON_DEPTH + 1)}${']'.repeat(JSON_DEPTH + 1)}`;
      const channel = guest.newChannel();
      await peer.refused(`{"action":"publish","channel":"${channel}","data":${deep}}`, 'bad-request');
    },
  },
  {
    name: 'channel-names',
    section: 'channels',
    statement: 'refuses a channel name of another form',
    async check(guest) {
      const peer = await guest.connect();
      const { namespace } = guest.host;
      const tooLong = `${namespace}:${'n'.repeat(CHANNEL_LENGTH - namespace.length)}`;
      for (const channel of [
        7,
        '',
        'nothing',
        `${namespace}:`,
        `${namespace}:a b`,
        `${namespace}:ä`,
        tooLong,
      ])
        await peer.refused({ action: 'subscribe', channel }, 'bad-request');
    },
  },
  {
    name: 'unknown-namespace',
    section: 'channels',
    statement: 'refuses a namespace that does not exist, with forbidden',
    async check(guest) {
      const peer = await guest.connect();
      await peer.refused({ action: 'subscribe', channel: 'no-such-namespace:a' }, 'forbidden');
      await peer.refused({ action: 'publish', channel: 'constructor:a', data: 1 }, 'forbidden');
    },
  },
  {
    name: 'inbox-of-another',
    section: 'channels',
    statement: 'refuses the inbox of another user, with forbidden',
    signedIn: true,
    async check(guest) {
      const peer = await guest.connect({ query: guest.token });
      for (const action of ['subscribe', 'history'])
        await peer.refused({ action, channel: '@user:someone-else' }, 'forbidden');
    },
  },
  {
    name: 'inbox-without-user',
    section: 'channels',
    statement: 'refuses an inbox to an anonymous client, with unauthenticated',
    async check(guest) {
      const peer = await guest.connect();
      for (const action of ['subscribe', 'history'])
        await peer.refused({ action, channel: '@user:someone-else' }, 'unauthenticated');
    },
  },
  {
    name: 'data-or-messages',
    section: 'commands-and-replies',
    statement: `refuses a publish without data, with both data and messages, and with more than ${MESSAGES_PER_PUBLISH} messages`,
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const messages = Array(MESSAGES_PER_PUBLISH + 1).fill({ data: 1 });
      for (const content of [{}, { data: 1, messages: [{ data: 1 }] }, { messages: [] }, { messages }])
        await peer.refused({ action: 'publish', channel, ...content }, 'bad-request');
    },
  },
  {
    name: 'id-length',
    section: 'limits',
    statement: `refuses an id of more than ${ID_LENGTH} characters, and one that is no text and no number`,
    async check(guest) {
      const peer = await guest.connect();
      for (const id of ['i'.repeat(ID_LENGTH + 1), null, {}])
        await peer.refused({ action: 'members', channel: guest.newChannel(), id }, 'bad-request');
    },
  },
  {
    name: 'rate-limited',
    section: 'errors',
    statement: 'refuses a client that sends too much with rate-limited, and says when it may go on',
    async check(guest) {
      const peer = await guest.connect();
      const command = { action: 'unsubscribe', channel: guest.newChannel() };
      const frame = Array(FLOOD.commandsPerFrame).fill(command);
      // All at once: one frame after the other, a slow server would never have too much.
      const replies = await Promise.all(Array.from({ length: FLOOD.frames }, () => peer.answer(frame)));
      const errors = replies.flat().filter((reply) => membersOf(reply)['event'] === 'error');
      const [first] = errors;
      expectMembers(first, { code: 'rate-limited' });
      const { retryAfter } = membersOf(first);
      expectThat(typeof retryAfter === 'number' && retryAfter > 0, `retryAfter was ${brief(retryAfter)}.`);
    },
  },
  closesWith(
    1009,
    'large-frame',
    `closes a connection with 1009 at a frame of more than ${FRAME_BYTES} bytes`,
    'x'.repeat(FRAME_BYTES + 1),
  ),
  closesWith(1003, 'binary-frame', 'closes a connection with 1003 at a binary frame', Buffer.from('{}')),
];
