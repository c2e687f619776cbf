/** `useHistory` over the fake server: pages of a log, without a subscription. */

import { type UsedHistory, useHistory } from 'fanfare-client/react';
import { createElement, type ReactElement } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { FakeServer, refusal } from '../fake-server.ts';
import { show } from './page.ts';

const ROOM = 'chat:room';
let used: UsedHistory | undefined;

afterEach(() => {
  vi.useRealTimers();
});

function Log({ limit }: { readonly limit: number }): ReactElement {
  const history = useHistory(ROOM, { limit });
  used = history;
  return createElement('p', null, history.messages.map(({ data }) => data).join(' '));
}

function serverWith(count: number): FakeServer {
  const server = new FakeServer();
  for (let data = 1; data <= count; data += 1) server.channel(ROOM).append(data);
  return server;
}

it('reads the newest page once in StrictMode, and older ones when it is told to', async () => {
  const { server, settled, text } = await show(createElement(Log, { limit: 2 }), { server: serverWith(5) });
  expect([text(), used?.hasOlder]).toEqual(['4 5', true]);
  await settled(() => Promise.all([used?.loadOlder(), used?.loadOlder()]));
  expect([text(), used?.hasOlder]).toEqual(['2 3 4 5', true]);
  await settled(() => used?.loadOlder());

  expect([text(), used?.hasOlder]).toEqual(['1 2 3 4 5', false]);
  expect(server.commands.map(({ action }) => action)).toEqual(['history', 'history', 'history']);
});

it('shows why a page could not be read, until one could', async () => {
  const server = serverWith(1);
  server.script = ({ action }) => (action === 'history' ? refusal('forbidden', 403) : undefined);
  const { settled, text } = await show(createElement(Log, { limit: 2 }), { server });
  expect(used?.historyError).toMatchObject({ code: 'forbidden' });
  server.script = () => undefined;
  await settled(() => used?.loadOlder());

  expect([text(), used?.historyError]).toEqual(['1', undefined]);
});

it('asks again when the server is busy', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const server = serverWith(1);
  server.script = ({ action }) => (action === 'history' ? refusal('busy', 503, 700) : undefined);
  const { settled, text } = await show(createElement(Log, { limit: 2 }), { server });
  expect([text(), used?.isLoading]).toEqual(['', true]);
  server.script = () => undefined;
  await settled(() => vi.advanceTimersByTimeAsync(700));

  expect([text(), used?.isLoading]).toEqual(['1', false]);
});
