/** How a server reads commands, and what its replies have in common. */

import { COMMANDS_PER_FRAME } from 'fanfare-protocol/limits';
import { expectMembers, expectThat } from '../peer.ts';
import type { Rule } from '../rule.ts';

const section = 'commands-and-replies';

const isPong = (frame: unknown) => JSON.stringify(frame) === '{"event":"pong"}';

export const commands: readonly Rule[] = [
  {
    name: 'ping',
    section,
    statement: 'answers a single ping with just {"event":"pong"}',
    async check(guest) {
      const reply = await (await guest.connect()).answer({ action: 'ping' });
      expectThat(isPong(reply), `The reply was ${JSON.stringify(reply)}.`);
    },
  },
  {
    name: 'id',
    section,
    statement: 'repeats the id of a command in its reply, a string or a number, and in an error',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      for (const id of ['a', 7, '7', 1.5])
        expectMembers(await peer.answer({ action: 'subscribe', channel, id }), { event: 'subscribed', id });
      expectMembers(await peer.answer({ action: 'dance', id: 'b' }), { event: 'error', id: 'b' });
    },
  },
  {
    name: 'no-id',
    section,
    statement: 'answers a command without an id, without an id',
    async check(guest) {
      const reply = await (await guest.connect()).answer({
        action: 'subscribe',
        channel: guest.newChannel(),
      });
      expectMembers(reply, { event: 'subscribed', id: undefined });
    },
  },
  {
    name: 'array',
    section,
    statement: 'answers an array of commands with an array of the same length and order',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.connect();
      const replies = await peer.answer([
        { action: 'subscribe', channel, id: 'a' },
        { action: 'dance', id: 'b' },
        { action: 'unsubscribe', channel, id: 'c' },
      ]);
      expectThat(Array.isArray(replies) && replies.length === 3, `The reply was ${JSON.stringify(replies)}.`);
      const [first, second, third] = Array.isArray(replies) ? replies : [];
      expectMembers(first, { event: 'subscribed', id: 'a' });
      expectMembers(second, { event: 'error', id: 'b', code: 'unknown-action', action: 'dance' });
      expectMembers(third, { event: 'unsubscribed', id: 'c' });
    },
  },
  {
    name: 'array-in-order',
    section,
    statement: 'runs the commands of an array in their order',
    async check(guest) {
      const channel = guest.newChannel();
      const peer = await guest.subscribed(channel);
      peer.send(Array.from({ length: 10 }, (_, data) => ({ action: 'publish', channel, data })));
      const messages = await peer.messages(channel, 10);
      const inOrder = messages.toSorted((one, other) => (one.seq ?? 0) - (other.seq ?? 0));
      expectThat(
        inOrder.every(({ data }, index) => data === index),
        `By their numbers the messages are ${JSON.stringify(inOrder.map(({ data }) => data))}.`,
      );
    },
  },
  {
    name: 'too-many-commands',
    section,
    statement: `refuses an array of more than ${COMMANDS_PER_FRAME} commands with too-large`,
    async check(guest) {
      const peer = await guest.connect();
      await peer.refused(Array(COMMANDS_PER_FRAME + 1).fill({ action: 'ping' }), 'too-large');
    },
  },
  {
    name: 'unknown-fields',
    section,
    statement: 'ignores a field that the protocol does not have',
    async check(guest) {
      const peer = await guest.connect();
      await peer.ask(
        { action: 'subscribe', channel: guest.newChannel(), colour: 'red', nested: [{}] },
        'subscribed',
      );
    },
  },
  {
    name: 'unknown-action',
    section,
    statement: 'answers an unknown action with unknown-action',
    async check(guest) {
      const peer = await guest.connect();
      await peer.refused({ action: 'dance' }, 'unknown-action');
      await peer.refused({ action: 'constructor' }, 'unknown-action');
    },
  },
];
