/** What an agent sees: the queue, the tickets of others, and the own ones with their conversations. */

import { useMembers } from 'fanfare-client/react';
import { type ReactNode, useTransition } from 'react';
import { Talk } from './talk.tsx';
import type { DeskEvent, Ticket } from './tickets.ts';
import { useDesk } from './use-desk.ts';

interface TicketProps {
  readonly ticket: Ticket;
  readonly me: string;
  readonly tell: (event: DeskEvent) => Promise<unknown>;
}

export function AgentView({ me }: { readonly me: string }): ReactNode {
  const { tickets, error, tell } = useDesk();
  const { members } = useMembers('chat:desk-agents');
  const others = members.flatMap(({ user = me }) => (user === me ? [] : [user]));
  const queue = tickets.filter(({ agent }) => agent !== me);
  const mine = tickets.filter(({ agent }) => agent === me);
  return (
    <main className="desk">
      {error && <p role="alert">{error.message}</p>}
      <section>
        <h2>Queue</h2>
        {queue.length === 0 && <p>It is empty.</p>}
        <ul>
          {queue.map((ticket) => (
            <Waiting key={ticket.id} {...{ ticket, me, tell }} />
          ))}
        </ul>
      </section>
      <section>
        <h2>Yours</h2>
        {mine.length === 0 && <p>Take a ticket from the queue.</p>}
        {mine.map((ticket) => (
          <Yours key={ticket.id} {...{ ticket, me, tell, others }} />
        ))}
      </section>
    </main>
  );
}

function Waiting({ ticket: { id, subject, customer, agent, late }, me, tell }: TicketProps): ReactNode {
  const [isClaiming, claiming] = useTransition();
  const claim = () => claiming(async () => void (await tell({ do: 'claim', ticket: id })));
  return (
    <li>
      <b>{subject}</b>
      <p>of {customer}</p>
      {agent === undefined ? (
        <button type="button" disabled={isClaiming} onClick={claim}>
          {isClaiming ? 'Taking …' : 'Take'}
        </button>
      ) : (
        <p>{late.includes(me) ? `${agent} was first.` : `${agent} helps.`}</p>
      )}
    </li>
  );
}

function Yours({
  ticket,
  me,
  tell,
  others,
}: TicketProps & { readonly others: readonly string[] }): ReactNode {
  const { id, subject, customer } = ticket;
  return (
    <article aria-label={subject}>
      <h3>{subject}</h3>
      <p>of {customer}</p>
      <Talk ticket={id} me={me} />
      <div className="buttons">
        {others.map((to) => (
          <button key={to} type="button" onClick={() => void tell({ do: 'transfer', ticket: id, to })}>
            Give to {to}
          </button>
        ))}
        <button type="button" onClick={() => void tell({ do: 'close', ticket: id })}>
          Close
        </button>
      </div>
    </article>
  );
}
