/** A chat: rooms, who is there, who types, the last 50 messages and then every new one. */

import { connect } from 'fanfare-client';
import { FanfareProvider, useChannel, useConnection, useMembers } from 'fanfare-client/react';
import { type ReactNode, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useTyping } from './use-typing.ts';

const ROOMS = ['general', 'random'];
const me = new URLSearchParams(location.search).get('user') ?? `guest-${Math.floor(1000 * Math.random())}`;

/** In the place of your own sign-in: the local runtime gives a token to everyone who asks. */
const signIn = async () => (await fetch(`/examples/token?user=${encodeURIComponent(me)}`)).text();

function Chat(): ReactNode {
  const [room, enter] = useState('general');
  const { state } = useConnection();
  const tabs = ROOMS.map((name) => (
    <button key={name} type="button" aria-pressed={name === room} onClick={() => enter(name)}>
      {name}
    </button>
  ));
  return (
    <>
      <header>
        <h1>Chat of {me}</h1>
        {tabs}
        <p role="status">{state}</p>
      </header>
      <Room key={room} name={room} />
    </>
  );
}

function Room({ name }: { readonly name: string }): ReactNode {
  const { messages, publish, hasOlder, loadOlder, error } = useChannel(`chat:${name}`, { last: 50 });
  const { members } = useMembers(`chat:${name}`);
  const here = members.map(({ user }) => user).toSorted();
  const { typists, typing, stopped } = useTyping(name, me);

  function send(form: FormData): void {
    const text = form.get('message');
    if (text) void publish(text);
    stopped();
  }

  const rows = messages.map(({ key, from = me, data, status, error: reason }) => (
    <li key={key} data-status={status}>
      <b>{from}</b> <span>{String(data)}</span>{' '}
      {status === 'failed' && (
        <button type="button" onClick={() => void publish(data, { key })}>
          {reason?.message} Try again
        </button>
      )}
    </li>
  ));
  return (
    <main>
      <p>Here: {here.join(', ')}</p>
      <div className="log" role="log" tabIndex={0} aria-label={`Messages in ${name}`}>
        <ol className="rows">{rows}</ol>
        {hasOlder && (
          <button type="button" onClick={() => void loadOlder()}>
            Older messages
          </button>
        )}
      </div>
      <p className="quiet">{typists.length > 0 && `${typists.join(', ')} typing …`}</p>
      {error && <p role="alert">{error.message}</p>}
      <form action={send}>
        <input name="message" aria-label="Message" autoComplete="off" onChange={typing} />
        <button type="submit">Send</button>
      </form>
    </main>
  );
}

createRoot(document.querySelector('#app') ?? document.body).render(
  <StrictMode>
    <FanfareProvider connect={() => connect(`ws://${location.host}/local`, { token: signIn })}>
      <Chat />
    </FanfareProvider>
  </StrictMode>,
);
