/** Facts about frames that are not commands: each is answered, and the connection stays open. */

import { type Fact, type Group, saw } from '../fact.ts';
import { brief, membersOf } from '../frame.ts';

/** The answer to a text: an error of the protocol with this code. */
function answeredWith(name: string, number: string, text: string, code: string): Fact {
  return {
    name,
    number,
    expected: `${text === '' ? 'an empty frame' : text} is answered ${code}, and the connection stays open`,
    async look(visit) {
      const visitor = await visit.enter();
      const answer = membersOf(await visitor.say(text));
      const pong = membersOf(await visitor.say('{"action":"ping"}'));
      const isExpected = answer['event'] === 'error' && answer['code'] === code && pong['event'] === 'pong';
      return saw(isExpected, `${brief(answer)}, then ${brief(pong)}`);
    },
  };
}

const array: Fact = {
  name: 'array',
  number: 'RT-6',
  expected: 'an array of two commands is answered by an array of two, in their order',
  async look(visit) {
    const reply = await (await visit.enter()).say('[{"action":"ping","id":1},{"action":"smoke","id":2}]');
    const answers = Array.isArray(reply) ? reply.map((one) => membersOf(one)['id']) : [];
    return saw(answers.join() === '1,2', brief(reply));
  },
};

export const oddFrames: Group = {
  facts: [
    array,
    answeredWith('empty-array', 'RT-6', '[]', 'bad-request'),
    answeredWith('string', 'RT-6', '"x"', 'bad-request'),
    answeredWith('number', 'RT-6', '42', 'bad-request'),
    answeredWith('null', 'RT-6', 'null', 'bad-request'),
    answeredWith('not-json', 'RT-5', 'smoke', 'bad-request'),
    answeredWith('empty-frame', 'RT-5', '', 'bad-request'),
    answeredWith('action-of-a-number', 'RT-6', '{"action":1}', 'bad-request'),
    answeredWith('connect-action', 'RT-9', '{"action":"$connect"}', 'unknown-action'),
    answeredWith('disconnect-action', 'RT-9', '{"action":"$disconnect"}', 'unknown-action'),
    answeredWith('default-action', 'RT-9', '{"action":"$default"}', 'unknown-action'),
  ],
};
