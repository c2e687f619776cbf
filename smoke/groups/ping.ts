/** A heartbeat is answered by the gateway itself: by a MOCK integration, and without a Lambda. */

import { type Fact, type Group, saw, skipped } from '../fact.ts';
import { brief, membersOf } from '../frame.ts';

const answered: Fact = {
  name: 'pong',
  number: 'MK-3',
  expected: 'ping is answered {"event":"pong"}',
  async look(visit) {
    const pong = await (await visit.enter()).say('{"action":"ping"}');
    return saw(membersOf(pong)['event'] === 'pong', brief(pong));
  },
};

const withoutId: Fact = {
  name: 'no-function',
  number: 'MK-6',
  expected: 'ping with an id is answered without it: no function saw it, for that one would repeat it',
  async look(visit) {
    const pong = membersOf(await (await visit.enter()).say('{"action":"ping","id":"smoke"}'));
    return saw(pong['event'] === 'pong' && !('id' in pong), brief(pong));
  },
};

const byFunction: Fact = {
  name: 'in-array',
  number: 'RT-6',
  expected: 'ping in an array is answered by the function, with its id',
  async look(visit) {
    const reply = await (await visit.enter()).say('[{"action":"ping","id":"smoke"}]');
    const pong = membersOf(Array.isArray(reply) ? reply[0] : undefined);
    return saw(pong['event'] === 'pong' && pong['id'] === 'smoke', brief(reply));
  },
};

const unbilled: Fact = {
  name: 'unbilled',
  number: 'MK-6',
  expected: 'the bill of the local runtime shows no run of the function for a ping',
  async look(visit) {
    const { runsOfDefault } = visit.stage;
    if (!runsOfDefault) return skipped('only on the local runtime, which has a bill');
    const visitor = await visit.enter();
    const before = await runsOfDefault();
    await visitor.say('{"action":"ping"}');
    const more = (await runsOfDefault()) - before;
    return saw(more === 0, `${more} runs`);
  },
};

export const ping: Group = { facts: [answered, withoutId, byFunction, unbilled] };
