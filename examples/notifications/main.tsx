/** Notifications: the inbox of a user on all devices, and how much of it is unread. */

import { connect } from 'fanfare-client';
import { FanfareProvider, useChannel, useConnection } from 'fanfare-client/react';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useReadPosition } from './use-read-position.ts';

const me = new URLSearchParams(location.search).get('user') ?? 'ann';

/** In the place of your own sign-in: the local runtime gives a token to everyone who asks. */
const signIn = async () => (await fetch(`/examples/token?user=${encodeURIComponent(me)}`)).text();

function Inbox(): ReactNode {
  const { connection, state } = useConnection();
  const { messages, hasOlder, loadOlder, error } = useChannel(`@user:${me}`, { last: 50 });
  const { position, markRead } = useReadPosition(me);
  // Before the position is known, nothing counts as unread.
  const isUnread = (seq = 0) => position !== undefined && seq > position;
  const unread = messages.filter(({ seq }) => isUnread(seq)).length;
  const newest = messages.at(-1)?.seq;

  return (
    <>
      <header>
        <h1>Inbox of {me}</h1>
        <p aria-live="polite">{unread} unread</p>
        <p role="status">{state}</p>
      </header>
      <main>
        <p className="buttons">
          <button type="button" onClick={() => void connection?.channel('live:orders').publish('tea')}>
            Order tea
          </button>
          <button type="button" onClick={() => newest !== undefined && markRead(newest)}>
            Mark all as read
          </button>
        </p>
        {error && <p role="alert">{error.message}</p>}
        <ol className="inbox" tabIndex={0} aria-label="Notifications" reversed>
          {messages.toReversed().map(({ key, data, seq, time }) => (
            <li key={key} data-unread={isUnread(seq)}>
              <span>{String(data)}</span> <time>{time && new Date(time).toLocaleTimeString()}</time>
            </li>
          ))}
        </ol>
        {hasOlder && (
          <button type="button" onClick={() => void loadOlder()}>
            Older notifications
          </button>
        )}
      </main>
    </>
  );
}

createRoot(document.querySelector('#app') ?? document.body).render(
  <StrictMode>
    <FanfareProvider connect={() => connect(`ws://${location.host}/local`, { token: signIn })}>
      <Inbox />
    </FanfareProvider>
  </StrictMode>,
);
