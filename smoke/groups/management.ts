/** Facts about the management API: its answers for live, gone and malformed ids. */

import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { type Fact, type Group, saw } from '../fact.ts';
import { brief, says } from '../frame.ts';
import type { Management, ManagementAnswer } from '../management.ts';
import type { Visit } from '../visit.ts';

/** Formed like an id (EV-7), and of no connection. */
const NEVER_THERE = 'AAAAAAAAAAAAAAA=';

/** No connection id has this form. */
const MALFORMED = '!smoke!';

function told({ status, error }: ManagementAnswer): string {
  return error === '' ? String(status) : `${status} ${error}`;
}

/** A connection of the fact, and its id. */
async function known(visit: Visit) {
  visit.needOwnUsers();
  const visitor = await visit.signIn('ann');
  const [id] = await visit.connectionsOf('ann');
  if (id === undefined) throw new Error('The stage does not know the connection that it let in');
  return { visitor, id };
}

const post: Fact = {
  name: 'post',
  number: 'MG-1',
  expected: 'a post is answered 200, and its text arrives',
  async look(visit) {
    const { visitor, id } = await known(visit);
    const answer = await visit.stage.management.post(id, '{"smoke":"posted"}');
    const frame = await visitor.next('what was posted', (one) => says(one, { smoke: 'posted' }));
    return saw(answer.status === 200, `${told(answer)}, ${brief(frame)}`);
  },
};

const get: Fact = {
  name: 'get',
  number: 'MG-2',
  expected: 'a connection is described with the moment it was made',
  async look(visit) {
    const { id } = await known(visit);
    const answer = await visit.stage.management.get(id);
    const isThere = answer.status === 200 && answer.connectedAt !== undefined;
    return saw(isThere, `${told(answer)}, connected at ${answer.connectedAt?.toISOString() ?? 'no time'}`);
  },
};

const deletion: Fact = {
  name: 'delete',
  number: 'DC-6',
  expected: 'a deletion is answered 204 and closes with 1000; a post after that is answered 410',
  async look(visit) {
    const { visitor, id } = await known(visit);
    const answer = await visit.stage.management.delete(id);
    const { code, reason } = await visitor.closing();
    const after = await visit.stage.management.post(id, 'smoke');
    const isExpected = answer.status === 204 && code === 1000 && after.status === 410;
    return saw(isExpected, `${told(answer)}, closed with ${code} ${reason}, then ${told(after)}`);
  },
};

const tooLarge: Fact = {
  name: 'post-over-128-kb',
  number: 'MG-9',
  expected: 'a post of one byte over 128 KB is answered 413',
  async look(visit) {
    const { id } = await known(visit);
    const answer = await visit.stage.management.post(id, 'x'.repeat(MESSAGE_BYTES + 1));
    return saw(answer.status === 413, told(answer));
  },
};

const wrongSignature: Fact = {
  name: 'wrong-signature',
  number: 'MG-5',
  expected: 'a post that is signed with another secret is answered 403, and the connection stays open',
  async look(visit) {
    const { visitor, id } = await known(visit);
    const answer = await visit.stage.management.postWronglySigned(id, 'smoke');
    const pong = await visitor.say('{"action":"ping"}');
    return saw(answer.status === 403 && says(pong, { event: 'pong' }), `${told(answer)}, ${brief(pong)}`);
  },
};

export const management: Group = {
  facts: [
    post,
    get,
    deletion,
    tooLarge,
    wrongSignature,
    answer('post-to-gone', 'MG-6', 'a post to an id of no connection', 410, (api) =>
      api.post(NEVER_THERE, 'x'),
    ),
    answer('get-of-gone', 'MG-6', 'a look at an id of no connection', 410, (api) => api.get(NEVER_THERE)),
    answer('delete-of-gone', 'MG-6', 'a deletion of no connection', 410, (api) => api.delete(NEVER_THERE)),
    answer('post-to-malformed', 'MG-7', 'a post to what is no id', 400, (api) => api.post(MALFORMED, 'x')),
  ],
};

function answer(
  name: string,
  number: string,
  what: string,
  status: number,
  ask: (api: Management) => Promise<ManagementAnswer>,
): Fact {
  return {
    name,
    number,
    expected: `${what} is answered ${status}`,
    async look({ stage }) {
      const given = await ask(stage.management);
      return saw(given.status === status, told(given));
    },
  };
}
