/** An assistant, whose answers the user sees on all devices while they are written. */

import './no-eval.ts';
import { useChat } from '@ai-sdk/react';
import type { UIMessage } from 'ai';
import { connect } from 'fanfare-client';
import { type ReactNode, StrictMode, Suspense, use, useEffect, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { InboxTransport } from './inbox-transport.ts';

const EXAMPLES = ['How do you reach me?', 'Count until I stop you.'];
const me = new URLSearchParams(location.search).get('user') ?? 'ann';

/** In the place of your own sign-in: the local runtime gives a token to everyone who asks. */
const signIn = async () => (await fetch(`/examples/token?user=${encodeURIComponent(me)}`)).text();

const connection = connect(`ws://${location.host}/local`, { token: signIn });
const transport = new InboxTransport(connection, me, 'main');
const loaded = transport.load();

function Assistant(): ReactNode {
  const { messages, setMessages, sendMessage, resumeStream, status, error } = useChat({
    id: 'main',
    messages: use(loaded),
    transport,
    resume: true,
  });
  const isBusy = status === 'submitted' || status === 'streaming';

  useEffect(() => {
    const left = new AbortController();
    async function showQuestionsElsewhere(): Promise<void> {
      for await (const question of transport.questionsElsewhere(left.signal)) {
        setMessages((before) => [...before, question]);
        await resumeStream();
      }
    }
    void showQuestionsElsewhere();
    return () => left.abort();
  }, [setMessages, resumeStream]);

  function stop(): void {
    const question = messages.findLast(({ role }) => role === 'user');
    if (question) void transport.stop(question.id);
  }

  function ask(form: FormData): void {
    const text = String(form.get('question'));
    if (text) void sendMessage({ text });
  }

  return (
    <>
      <div className="log" role="log" tabIndex={0} aria-label="Conversation" aria-busy={isBusy}>
        <ol className="turns">
          {messages.map((message) => (
            <li key={message.id} data-role={message.role}>
              {textOf(message)}
            </li>
          ))}
        </ol>
      </div>
      {error && <p role="alert">{error.message}</p>}
      <p className="examples">
        {EXAMPLES.map((text) => (
          <button key={text} type="button" disabled={isBusy} onClick={() => void sendMessage({ text })}>
            {text}
          </button>
        ))}
      </p>
      <form action={ask}>
        <input name="question" aria-label="Question" autoComplete="off" />
        {isBusy ? (
          <button key="stop" type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button key="ask" type="submit">
            Ask
          </button>
        )}
      </form>
    </>
  );
}

const textOf = ({ parts }: UIMessage) =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

function Header(): ReactNode {
  const state = useSyncExternalStore(
    (changed) => connection.on('state', changed),
    () => connection.state,
  );
  return (
    <header>
      <h1>Assistant of {me}</h1>
      <p role="status">{state}</p>
    </header>
  );
}

createRoot(document.querySelector('#app') ?? document.body).render(
  <StrictMode>
    <Header />
    <main>
      <Suspense>
        <Assistant />
      </Suspense>
    </main>
  </StrictMode>,
);
