/** Facts about members and occupancy. Functions that read change streams report both, so the facts wait for seconds. */

import { type Fact, type Group, saw, skipped } from '../fact.ts';
import { brief, type Members, membersOf, tellsOf } from '../frame.ts';
import { listedConnections } from '../listed-channel.ts';
import { PATIENCE } from '../patience.ts';
import { pollUntil } from '../within.ts';

const LIMIT_MS = 2 * PATIENCE.noticedMs;

const joined: Fact = {
  name: 'joined-and-left',
  expected: 'ann sees bob join, and leave when he closes, each within 30 s',
  limitMs: LIMIT_MS + 10_000,
  async look(visit) {
    const channel = visit.channel('present');
    const ann = await visit.signIn('ann');
    const bob = await visit.signIn('bob');
    await ann.subscribe(channel);
    await bob.subscribe(channel);
    const { noticedMs } = visit.stage.patience;
    const start = performance.now();
    await ann.next('joined of bob', tellsOf('joined', visit.user('bob'), channel), noticedMs);
    const joinedAfter = Math.round(performance.now() - start);
    bob.wire.close();
    await ann.next('left of bob', tellsOf('left', visit.user('bob'), channel), noticedMs);
    const leftAfter = Math.round(performance.now() - start) - joinedAfter;
    return saw(true, `joined after ${joinedAfter} ms, left ${leftAfter} ms after that`);
  },
};

const members: Fact = {
  name: 'members',
  expected: 'members lists both who are subscribed',
  async look(visit) {
    const channel = visit.channel('members');
    const [ann, bob] = await Promise.all([visit.signIn('ann'), visit.signIn('bob')]);
    await Promise.all([ann.subscribe(channel), bob.subscribe(channel)]);
    const wanted = [visit.user('ann'), visit.user('bob')].join();
    const reply = await pollUntil(
      visit.stage.patience.noticedMs,
      () => ann.ask({ action: 'members', channel }),
      (answer) => usersOf(answer) === wanted,
    );
    return saw(usersOf(reply) === wanted, brief(reply));
  },
};

function usersOf(reply: Members): string {
  const list = Array.isArray(reply['members']) ? reply['members'] : [];
  return list
    .map((member) => String(membersOf(member)['user']))
    .sort()
    .join();
}

/** A channel without history is listed only because a stream reader has stored that it is in use. */
const occupied: Fact = {
  name: 'occupied-and-vacated',
  expected: 'a channel without history is listed while it is in use, each within 30 s',
  limitMs: LIMIT_MS + 10_000,
  async look(visit) {
    const readers = await visit.stage.account?.mappings();
    if (readers && !readers.some(({ functionName }) => /channel-?events/i.test(functionName)))
      return skipped('the stage does not tell which channels are in use');
    const channel = visit.channel('fleeting');
    const ann = await visit.reader('fleeting');
    await ann.subscribe(channel);
    const isListed = async () => ((await listedConnections(visit, channel)) ?? 0) > 0;
    const during = await pollUntil(visit.stage.patience.noticedMs, isListed, Boolean);
    await ann.ask({ action: 'unsubscribe', channel });
    const after = await pollUntil(visit.stage.patience.noticedMs, isListed, (answer) => !answer);
    return saw(during && !after, `listed ${during}, afterwards ${after}`);
  },
};

export const presence: Group = { facts: [joined, members, occupied] };
