/** Facts about a channel with many subscribers, of which some are cut: one publish reaches all others, and the cut ones are forgotten. */

import { visitInFlight } from '../../lambdas/realtime/in-flight.ts';
import { type Fact, type Group, saw } from '../fact.ts';
import { PATIENCE } from '../patience.ts';
import type { Visit } from '../visit.ts';
import type { Visitor } from '../visitor.ts';
import { pollUntil } from '../within.ts';

const LIVING = 16;
const DEAD = 8;

/** A new account runs ten functions at once, so the clients connect one after the other. */
const HANDSHAKES_IN_FLIGHT = 4;

async function crowd(visit: Visit, channel: string, size: number): Promise<readonly Visitor[]> {
  const visitors: Visitor[] = [];
  await visitInFlight(Array.from({ length: size }), HANDSHAKES_IN_FLIGHT, async () => {
    const visitor = await visit.reader('live');
    await visitor.subscribe(channel);
    visitors.push(visitor);
  });
  return visitors;
}

const reached: Fact = {
  name: 'reached',
  number: 'OR-5',
  expected: `${DEAD} of ${LIVING + DEAD} subscribers are cut: one publish reaches the other ${LIVING}, and then only they are counted`,
  limitMs: PATIENCE.noticedMs + 40_000,
  async look(visit) {
    const channel = visit.channel('live');
    const visitors = await crowd(visit, channel, LIVING + DEAD);
    const [living, dead] = [visitors.slice(DEAD), visitors.slice(0, DEAD)];
    const server = await visit.server();
    for (const { wire } of dead) wire.cut();
    await visit.publish(channel, 'all');
    const outcomes = await Promise.allSettled(living.map((visitor) => visitor.hears(channel, 'all')));
    const count = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const { connections } = await pollUntil(
      visit.stage.patience.noticedMs,
      () => server.call('occupancy', { channel }),
      (answer) => answer.connections === LIVING,
    );
    return saw(count === LIVING && connections === LIVING, `${count} reached, ${connections} counted`);
  },
};

export const wide: Group = { facts: [reached] };
