/** The conversation about one ticket, in a channel of its own. A new agent reads what was said before. */

import { useChannel } from 'fanfare-client/react';
import type { ReactNode } from 'react';

export function Talk({ ticket, me }: { readonly ticket: number; readonly me: string }): ReactNode {
  const { messages, publish } = useChannel(`chat:desk-${ticket}`, { last: 50 });

  function send(form: FormData): void {
    const text = form.get('message');
    if (text) void publish(text);
  }

  return (
    <>
      <div className="talk" role="log" tabIndex={0} aria-label="Conversation">
        <ol>
          {messages.map(({ key, from = me, data, status }) => (
            <li key={key} data-status={status}>
              <b>{from}</b> <span>{String(data)}</span>
            </li>
          ))}
        </ol>
      </div>
      <form action={send}>
        <input name="message" aria-label="Message" autoComplete="off" />
        <button type="submit">Send</button>
      </form>
    </>
  );
}
