/** An hour of the assistant, for its cost. */

import type { UIMessageChunk } from 'ai';
import { historyOf } from 'fanfare-client/history';
import type { Load } from '../load.ts';
import { REQUESTS } from './pieces.ts';

const PEOPLE = 10;
const QUESTIONS_OF_EACH = 6;
const TOKENS = 200;
/** What gathers in 50 ms of a model that writes 80 tokens a second. */
const TOKENS_OF_A_MESSAGE = 4;

export const load: Load = {
  what: '10 people with two devices each, each of whom asks 6 questions that are answered with 200 tokens, 4 of them in a message',
  async hour({ connect, server }) {
    for (let person = 0; person < PEOPLE; person += 1) {
      const user = `person-${person}`;
      const devices = [await connect(user), await connect(user)];
      for (const device of devices) {
        await historyOf(device.channel(`@user:${user}`), { after: 0, limit: 1_000 });
        await device.channel(`@user:${user}`).subscribe(() => {}).ready;
      }
      for (let question = 0; question < QUESTIONS_OF_EACH; question += 1) {
        const to = `question-${question}`;
        const parts = [{ type: 'text', text: 'How does a message reach me when I am in a tunnel?' }];
        const asked = { chat: 'main', question: { id: to, role: 'user', parts } };
        await devices[0]?.channel(REQUESTS).publish(asked);
        for (const chunks of answerTo(to)) {
          await server.call('publish', { users: [user], data: { chat: 'main', to, chunks } });
        }
      }
    }
  },
};

/** The pieces of an answer, as the server says them. */
function* answerTo(to: string): Generator<UIMessageChunk[]> {
  const id = `${to}-answer`;
  yield [
    { type: 'start', messageId: id },
    { type: 'text-start', id },
  ];
  for (let sent = 0; sent < TOKENS; sent += TOKENS_OF_A_MESSAGE) {
    yield [{ type: 'text-delta', id, delta: 'token '.repeat(TOKENS_OF_A_MESSAGE) }];
  }
  yield [{ type: 'text-end', id }, { type: 'finish' }];
}
