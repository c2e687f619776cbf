/** One signal of the application for many things of the client. */

import { getEventListeners } from 'node:events';
import { openInbox } from 'fanfare-client/inbox';
import { watchMembers } from 'fanfare-client/presence';
import { expect, it, onTestFinished } from 'vitest';
import { connected } from './connected.ts';

const MANY = 50;

it('one signal has one listener, without a warning, and ends everything', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const controller = new AbortController();
  const { signal } = controller;
  const { connection } = await connected();
  const ended: unknown[] = [];
  const others = await Promise.all(Array.from({ length: MANY }, () => connected({ signal })));
  for (let n = 0; n < MANY; n += 1) {
    const onEnd = () => ended.push(n);
    connection.channel(`open:${n}`).subscribe(() => {}, { signal, onEnd });
    watchMembers(connection, `open:${n}`, () => {}, { signal, onEnd });
    void openInbox(connection, 'ann', () => {}, { signal }).ended.then(onEnd);
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);

  controller.abort();
  await new Promise(setImmediate);

  expect(others.map((other) => other.connection.state)).toEqual(Array.from({ length: MANY }, () => 'closed'));
  expect(ended).toHaveLength(3 * MANY);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(warnings).toEqual([]);
});

it('a signal has no listener left after everything has ended by itself', async () => {
  const { signal } = new AbortController();
  const { connection } = await connected({ signal });
  const channel = connection.channel('open:x');
  const subscription = channel.subscribe(() => {}, { signal });
  const watch = watchMembers(connection, 'open:x', () => {}, { signal });
  const inbox = openInbox(connection, 'ann', () => {}, { signal });

  subscription.unsubscribe();
  watch.stop();
  await inbox.close();
  connection.close();

  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
