/** The desk as a page sees it: one channel has every event, and its order decides. */

import { useChannel } from 'fanfare-client/react';
import { useMemo } from 'react';
import { type DeskEvent, ticketsOf } from './tickets.ts';

export function useDesk() {
  const { messages, publish, error } = useChannel('chat:desk', { last: 1_000 });
  const tickets = useMemo(() => ticketsOf(messages), [messages]);
  return { tickets, error, tell: (event: DeskEvent) => publish(event) };
}
