/** The tickets of the desk, as the messages of its channel decide them. All pages read the same order, so all decide the same. */

import type { MessageRow } from 'fanfare-client/react';
import * as v from 'valibot';

const ticket = v.number();

const eventSchema = v.variant('do', [
  v.object({ do: v.literal('open'), subject: v.string() }),
  v.object({ do: v.literal('claim'), ticket }),
  v.object({ do: v.literal('transfer'), ticket, to: v.string() }),
  v.object({ do: v.literal('close'), ticket }),
]);

export type DeskEvent = v.InferOutput<typeof eventSchema>;

export interface Ticket {
  /** The number of the message that opened it. */
  readonly id: number;
  readonly customer: string;
  readonly subject: string;
  /** Who helps. `undefined` while it waits in the queue. */
  readonly agent: string | undefined;
  /** Agents whose claim came after the first one. */
  readonly late: readonly string[];
}

/** Open tickets, oldest first. */
export function ticketsOf(rows: readonly MessageRow[]): readonly Ticket[] {
  const tickets = new Map<number, Ticket>();
  for (const { seq, from, data } of rows) {
    const { success, output: event } = v.safeParse(eventSchema, data);
    // An own message has no sender until it arrives. Only then is it sure that no claim comes before it.
    if (!success || seq === undefined || from === undefined) continue;
    if (event.do === 'open') {
      tickets.set(seq, { id: seq, customer: from, subject: event.subject, agent: undefined, late: [] });
      continue;
    }
    const open = tickets.get(event.ticket);
    if (open) tickets.set(open.id, after(open, event, from));
    if (event.do === 'close' && open?.agent === from) tickets.delete(open.id);
  }
  return [...tickets.values()];
}

/** The first claim counts, and then only what its agent says. The gateway vouches for `from`. */
function after(open: Ticket, event: DeskEvent, from: string): Ticket {
  const { agent, late } = open;
  if (event.do === 'claim' && agent === undefined) return { ...open, agent: from };
  if (event.do === 'claim' && agent !== from) return { ...open, late: [...late, from] };
  if (event.do === 'transfer' && agent === from) return { ...open, agent: event.to, late: [] };
  return open;
}
