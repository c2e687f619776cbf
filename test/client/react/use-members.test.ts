/** `useMembers` over a fake server that knows who is there. */

import type { Member } from 'fanfare-client';
import { type MembersView, useMembers } from 'fanfare-client/react';
import { createElement, type ReactElement } from 'react';
import { expect, it } from 'vitest';
import { FakeServer, refusal } from '../fake-server.ts';
import { show } from './page.ts';

const ROOM = 'chat:room';
const views: MembersView[] = [];

function Members(): ReactElement {
  const view = useMembers(ROOM);
  views.push(view);
  return createElement('p', null, view.error?.code ?? view.members.map(({ user }) => user).join(' '));
}

function serverWith(...present: Member[]): FakeServer {
  const server = new FakeServer();
  server.script = ({ action }) => (action === 'members' ? { event: 'members', members: present } : undefined);
  return server;
}

it('shows who is there, who comes and who goes, and asks once in StrictMode', async () => {
  const { server, settled, text, warnings } = await show(createElement(Members), {
    server: serverWith({ user: 'ann', at: 1 }),
  });
  expect(text()).toBe('ann');
  await settled(() => server.socket.push({ event: 'joined', channel: ROOM, member: { user: 'bob', at: 2 } }));
  expect(text()).toBe('ann bob');
  await settled(() => server.socket.push({ event: 'left', channel: ROOM, member: { user: 'ann', at: 3 } }));

  expect(text()).toBe('bob');
  expect(server.commandsOf('members')).toHaveLength(1);
  expect(views.at(-1)).toMatchObject({ isComplete: true, error: undefined });
  expect(warnings).toEqual([]);
});

it('keeps the list while the connection is lost, and reads it again', async () => {
  const { server, clock, settled, text } = await show(createElement(Members), {
    server: serverWith({ user: 'ann', at: 1 }),
  });
  await settled(() => server.socket.cut());
  expect(text()).toBe('ann');
  server.script = ({ action }) =>
    action === 'members' ? { event: 'members', members: [{ user: 'cid', at: 4 }] } : undefined;
  await settled(() => clock.pass(500));

  expect(text()).toBe('cid');
});

it('shows the refusal', async () => {
  const server = new FakeServer();
  server.script = ({ action }) => (action === 'members' ? refusal('forbidden', 403) : undefined);
  const { text } = await show(createElement(Members), { server });

  expect(text()).toBe('forbidden');
});
