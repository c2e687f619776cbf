/** Who is there, and which channels are in use: told by functions that read change streams, so within seconds and not at once. */

import { type Fact, type Group, saw } from '../fact.ts';
import { brief, type Members, membersOf, says } from '../frame.ts';
import type { Visit } from '../visit.ts';
import { pollUntil } from '../within.ts';
import { NOTICED_MS } from './lost.ts';

const LIMIT_MS = 2 * NOTICED_MS;

/** An event about bob. */
function aboutBob(visit: Visit, event: string, channel: string) {
  return (frame: unknown): boolean =>
    says(frame, { event, channel }) && membersOf(membersOf(frame)['member'])['user'] === visit.user('bob');
}

const joined: Fact = {
  name: 'joined-and-left',
  expected: `ann sees bob join, and leave when he closes, each within ${NOTICED_MS / 1000} s`,
  limitMs: LIMIT_MS + 10_000,
  async look(visit) {
    const channel = visit.channel('chat');
    const ann = await visit.signIn('ann');
    const bob = await visit.signIn('bob');
    await ann.subscribe(channel);
    await bob.subscribe(channel);
    const start = performance.now();
    await ann.next('joined of bob', aboutBob(visit, 'joined', channel), NOTICED_MS);
    const joinedAfter = Math.round(performance.now() - start);
    bob.wire.close();
    await ann.next('left of bob', aboutBob(visit, 'left', channel), NOTICED_MS);
    const leftAfter = Math.round(performance.now() - start) - joinedAfter;
    return saw(true, `joined after ${joinedAfter} ms, left ${leftAfter} ms after that`);
  },
};

const members: Fact = {
  name: 'members',
  expected: 'members lists both who are subscribed',
  async look(visit) {
    const channel = visit.channel('chat');
    const [ann, bob] = await Promise.all([visit.signIn('ann'), visit.signIn('bob')]);
    await Promise.all([ann.subscribe(channel), bob.subscribe(channel)]);
    const wanted = [visit.user('ann'), visit.user('bob')].join();
    const reply = await pollUntil(
      NOTICED_MS,
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

/** A channel without history is listed only because its stream reader has told that it is in use. */
const occupied: Fact = {
  name: 'occupied-and-vacated',
  expected: `a channel without history is listed while it is in use, each within ${NOTICED_MS / 1000} s`,
  limitMs: LIMIT_MS + 10_000,
  async look(visit) {
    const channel = visit.channel('live');
    const ann = await visit.enter();
    await ann.subscribe(channel);
    const isListed = () => listed(visit, channel);
    const during = await pollUntil(NOTICED_MS, isListed, Boolean);
    await ann.ask({ action: 'unsubscribe', channel });
    const after = await pollUntil(NOTICED_MS, isListed, (answer) => !answer);
    return saw(during && !after, `listed ${during}, afterwards ${after}`);
  },
};

/** A bound for stages with many channels. */
const MOST_PAGES = 200;

/** Whether the HTTP API lists the channel with somebody in it. */
async function listed(visit: Visit, wanted: string): Promise<boolean> {
  const server = await visit.server();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { channels, next } = await server.call('channels', { ...(cursor !== undefined && { cursor }) });
    if (channels.some(({ channel, connections }) => channel === wanted && connections > 0)) return true;
    if (next === undefined) return false;
    cursor = next;
  }
  throw new Error(`GET /channels has more than ${MOST_PAGES} pages`);
}

export const presence: Group = { facts: [joined, members, occupied] };
