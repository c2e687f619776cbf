/** An hour of the desk, for its cost. */

import type { Connection } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { watchMembers } from 'fanfare-client/presence';
import type { Load } from '../load.ts';

const AGENTS = 5;
const TICKETS_OF_EACH = 6;
const MESSAGES_OF_A_TICKET = 10;

export const load: Load = {
  what: '5 agents and 30 customers, each of whom has one ticket with 10 messages',
  async hour({ connect }) {
    const agents = await Promise.all(Array.from({ length: AGENTS }, (_, index) => connect(`agent-${index}`)));
    for (const agent of agents) {
      await enter(agent);
      await watchMembers(agent, 'chat:desk-agents', () => {}).ready;
    }
    for (let count = 0; count < AGENTS * TICKETS_OF_EACH; count += 1) {
      const agent = agents[count % AGENTS];
      if (agent) await help(await connect(`customer-${count}`), agent);
    }
  },
};

/** As the page does it: the desk with its last events. */
async function enter(person: Connection): Promise<void> {
  const desk = person.channel('chat:desk');
  await desk.subscribe(() => {}).ready;
  await historyOf(desk, { limit: 1_000 });
}

async function help(customer: Connection, agent: Connection): Promise<void> {
  await enter(customer);
  const { seq: ticket = 0 } = await customer
    .channel('chat:desk')
    .publish({ do: 'open', subject: 'My order is late' });
  await agent.channel('chat:desk').publish({ do: 'claim', ticket });
  const name = `chat:desk-${ticket}`;
  const ended = new AbortController();
  for (const person of [customer, agent]) {
    await person.channel(name).subscribe(() => {}, { signal: ended.signal }).ready;
    await historyOf(person.channel(name), { limit: 50 });
  }
  for (let sent = 0; sent < MESSAGES_OF_A_TICKET; sent += 1) {
    const writer = sent % 2 === 0 ? customer : agent;
    await writer.channel(name).publish('I ordered tea a week ago, and it has not come yet.');
  }
  await agent.channel('chat:desk').publish({ do: 'close', ticket });
  ended.abort();
}
