/** What a customer sees: a form, the place in the queue, and who helps. */

import type { ReactNode } from 'react';
import { Talk } from './talk.tsx';
import { useDesk } from './use-desk.ts';

export function CustomerView({ me }: { readonly me: string }): ReactNode {
  const { tickets, error, tell } = useDesk();
  const mine = tickets.find(({ customer }) => customer === me);
  const queue = tickets.filter(({ agent }) => agent === undefined);

  function open(form: FormData): void {
    const subject = String(form.get('subject'));
    if (subject) void tell({ do: 'open', subject });
  }

  if (!mine)
    return (
      <main>
        {error && <p role="alert">{error.message}</p>}
        <form action={open}>
          <input
            name="subject"
            aria-label="What do you need?"
            placeholder="What do you need?"
            autoComplete="off"
          />
          <button type="submit">Ask for help</button>
        </form>
      </main>
    );
  const place = `You are number ${queue.indexOf(mine) + 1} in the queue.`;
  return (
    <main>
      <h2>{mine.subject}</h2>
      <p aria-live="polite">{mine.agent ? `${mine.agent} helps you.` : place}</p>
      <Talk ticket={mine.id} me={me} />
    </main>
  );
}
