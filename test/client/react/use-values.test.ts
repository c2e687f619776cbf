/** `useValues` over a fake server that keeps values. */

import { type UsedValues, useValues } from 'fanfare-client/react';
import { createElement, type ReactElement } from 'react';
import { expect, it } from 'vitest';
import { FakeServer, refusal } from '../fake-server.ts';
import { show } from './page.ts';

const GAME = 'open:game';
const views: UsedValues<number>[] = [];

function Scores(): ReactElement {
  const view = useValues<number>(GAME);
  views.push(view);
  const rows = [...view.values].map(([name, { data }]) => `${name}=${data}`);
  return createElement('p', null, view.error?.code ?? rows.join(' '));
}

function newest(): UsedValues<number> {
  const view = views.at(-1);
  if (view) return view;
  throw new Error('Nothing was rendered.');
}

function serverWith(scores: Readonly<Record<string, number>>): FakeServer {
  const server = new FakeServer();
  for (const [name, data] of Object.entries(scores)) server.channel(GAME).append(data, undefined, { name });
  return server;
}

it('shows the values and each change, and reads them once in StrictMode', async () => {
  const { server, settled, text, warnings } = await show(createElement(Scores), {
    server: serverWith({ ann: 1, ben: 2 }),
  });
  expect(text()).toBe('ann=1 ben=2');
  await settled(() => {
    server.say(GAME, 3, { name: 'ben' });
    server.say(GAME, null, { name: 'ann', removed: true });
  });

  expect(text()).toBe('ben=3');
  expect(newest()).toMatchObject({ isComplete: true, error: undefined });
  expect(server.commandsOf('values')).toHaveLength(1);
  expect(warnings).toEqual([]);
});

it('writes with functions that stay the same', async () => {
  const { settled, text } = await show(createElement(Scores), { server: serverWith({ ann: 1 }) });
  const { set, remove, update } = newest();
  await settled(async () => {
    await set('ben', 5);
    await update('ben', (score = 0) => score + 1);
    await remove('ann');
  });

  expect(text()).toBe('ben=6');
  expect(newest()).toMatchObject({ set, remove, update });
});

it('keeps the values while the connection is lost', async () => {
  const { server, clock, settled, text } = await show(createElement(Scores), {
    server: serverWith({ ann: 1 }),
  });
  await settled(() => server.socket.cut());
  expect(text()).toBe('ann=1');
  server.say(GAME, 2, { name: 'ann' });
  await settled(() => clock.pass(2_000));

  expect(text()).toBe('ann=2');
});

it('shows the refusal', async () => {
  const server = new FakeServer();
  server.script = ({ action }) => (action === 'values' ? refusal('forbidden', 403) : undefined);
  const { text } = await show(createElement(Scores), { server });

  expect(text()).toBe('forbidden');
});

it('rejects a write when the component is gone', async () => {
  const { settled, unmount } = await show(createElement(Scores), { server: serverWith({}) });
  const { set } = newest();
  await settled(() => unmount());

  await expect(set('ann', 1)).rejects.toMatchObject({ code: 'closed' });
});
