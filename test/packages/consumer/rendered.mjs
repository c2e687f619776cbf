/** An application that renders on a server, which has no WebSocket and does not connect. */

import { connect } from 'fanfare-client';
import { FanfareProvider, useChannel, useConnection } from 'fanfare-client/react';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';

function Room() {
  const { state } = useConnection();
  const { messages } = useChannel('chat:room', { last: 50 });
  return createElement('p', null, `${state}, ${messages.length} messages`);
}

const page = createElement(
  FanfareProvider,
  { connect: () => connect('ws://localhost:1/local') },
  createElement(Room),
);
process.stdout.write(renderToString(page));
