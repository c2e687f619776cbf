/** Components on a server, which has no WebSocket, and their hydration in a browser. */

import { type Connection, connect } from 'fanfare-client';
import { useChannel, useConnection, useHistory, useMembers } from 'fanfare-client/react';
import { createElement, type ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { FakeServer } from '../fake-server.ts';
import { inStrictMode, show } from './page.ts';

const ROOM = 'chat:room';

/** All hooks in one component. */
function Room(): ReactElement {
  const { state } = useConnection();
  const { messages, status, hasOlder } = useChannel(ROOM, { last: 10 });
  const { members } = useMembers(ROOM);
  const history = useHistory(ROOM);
  const words = [state, status, messages.length, members.length, history.messages.length];
  const older = [hasOlder, history.hasOlder].map((isThere) => (isThere ? 'older' : 'all'));
  return createElement('p', null, [...words, ...older].join(' '));
}

const HTML = '<p>connecting subscribing 0 0 0 all all</p>';

it('a server renders the state before the connection, and does not connect', () => {
  const open = vi.fn((): Connection => connect('ws://fake/stage'));

  expect(renderToString(inStrictMode(open, createElement(Room)))).toBe(HTML);
  expect(open).not.toHaveBeenCalled();
});

it('a browser hydrates what the server has rendered without a warning, and connects then', async () => {
  const server = new FakeServer();
  server.channel(ROOM).append('hello');
  server.script = ({ action }) =>
    action === 'members' ? { event: 'members', members: [{ user: 'ann', at: 1 }] } : undefined;
  const { html, warnings } = await show(createElement(Room), { server, fromServer: HTML });

  expect(warnings).toEqual([]);
  expect(html()).toBe('<p>connected subscribed 1 1 1 all all</p>');
  expect(server.sockets).toHaveLength(1);
});

it('a page reports a hydration that does not fit, so that the test above means something', async () => {
  const { warnings } = await show(createElement(Room), { fromServer: '<p>something else</p>' });

  expect(warnings.length).toBeGreaterThan(0);
});
