/** A support desk: the view of a customer (`?as=customer`), and the view of an agent. */

import { connect } from 'fanfare-client';
import { FanfareProvider, useConnection } from 'fanfare-client/react';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AgentView } from './agent.tsx';
import { CustomerView } from './customer.tsx';

const parameters = new URLSearchParams(location.search);
const me = parameters.get('user') ?? `guest-${Math.floor(1000 * Math.random())}`;
const isCustomer = parameters.get('as') === 'customer';

/** In the place of your own sign-in: the local runtime gives a token to everyone who asks. */
const signIn = async () => (await fetch(`/examples/token?user=${encodeURIComponent(me)}`)).text();

function Header(): ReactNode {
  const { state } = useConnection();
  return (
    <header>
      <h1>{isCustomer ? `Help for ${me}` : `Desk of ${me}`}</h1>
      <p role="status">{state}</p>
    </header>
  );
}

createRoot(document.querySelector('#app') ?? document.body).render(
  <StrictMode>
    <FanfareProvider connect={() => connect(`ws://${location.host}/local`, { token: signIn })}>
      <Header />
      {isCustomer ? <CustomerView me={me} /> : <AgentView me={me} />}
    </FanfareProvider>
  </StrictMode>,
);
