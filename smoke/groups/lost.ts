/** A client whose network is gone sends no close frame, and the others must still learn that it left. */

import { type Fact, type Group, saw } from '../fact.ts';
import { tellsOf } from '../frame.ts';
import { PATIENCE } from '../patience.ts';
import { pollUntil } from '../within.ts';

/** The sockets come first. Milliseconds. */
const LIMIT_MS = PATIENCE.noticedMs + 20_000;

const left: Fact = {
  name: 'left',
  number: 'DC-5',
  expected: 'when the TCP connection of bob is cut, ann sees that he left within 30 s',
  limitMs: LIMIT_MS,
  async look(visit) {
    const channel = visit.channel('present');
    const [ann, bob] = await Promise.all([visit.signIn('ann'), visit.signIn('bob')]);
    await ann.subscribe(channel);
    await bob.subscribe(channel);
    const { noticedMs } = visit.stage.patience;
    const tells = (event: 'joined' | 'left') => tellsOf(event, visit.user('bob'), channel);
    await ann.next('joined of bob', tells('joined'), noticedMs);
    const start = performance.now();
    bob.wire.cut();
    await ann.next('left of bob', tells('left'), noticedMs);
    return saw(true, `left after ${Math.round(performance.now() - start)} ms`);
  },
};

const forgotten: Fact = {
  name: 'forgotten',
  number: 'DC-1',
  expected: 'a connection that is cut is no longer listed within 30 s',
  limitMs: LIMIT_MS,
  async look(visit) {
    visit.needOwnUsers();
    const bob = await visit.signIn('bob');
    const before = await visit.connectionsOf('bob');
    bob.wire.cut();
    const after = await pollUntil(
      visit.stage.patience.noticedMs,
      () => visit.connectionsOf('bob'),
      (ids) => ids.length === 0,
    );
    return saw(before.length === 1 && after.length === 0, `${before.length}, then ${after.length}`);
  },
};

export const lost: Group = { facts: [left, forgotten] };
