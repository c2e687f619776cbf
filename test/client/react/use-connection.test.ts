/** `FanfareProvider` and `useConnection` over the fake server. */

import { type ConnectionView, FanfareProvider, useChannel, useConnection } from 'fanfare-client/react';
import { createElement, type ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { FakeServer } from '../fake-server.ts';
import { show } from './page.ts';

const views: ConnectionView[] = [];

function State(): ReactElement {
  const view = useConnection();
  views.push(view);
  return createElement('p', null, view.error?.message ?? view.state);
}

function Failing(): ReactElement {
  const { messages } = useChannel('chat:room', {
    onMessage: () => {
      throw new Error('a mistake');
    },
  });
  return createElement('p', null, messages.length);
}

describe('useConnection', () => {
  it('says how the connection is, from the first attempt to the end', async () => {
    const { server, clock, settled, text } = await show(createElement(State));
    expect(text()).toBe('connected');
    await settled(() => server.socket.cut());
    expect(text()).toBe('connecting');
    await settled(() => clock.pass(500));
    expect(text()).toBe('connected');
    await settled(() => views.at(-1)?.connection?.close());

    expect(text()).toBe('closed');
    expect(server.open).toEqual([]);
  });

  it('says why no token could be fetched, until one could', async () => {
    let isDown = true;
    const onError = vi.fn();
    const token = async () => {
      if (isDown) throw new Error('The sign-in is down.');
      return 'token';
    };
    const { clock, settled, text } = await show(createElement(State), { token, onError });
    expect(text()).toBe('no socket');
    expect(views.at(-1)?.error?.cause).toEqual(new Error('The sign-in is down.'));
    expect(onError).toHaveBeenCalledExactlyOnceWith(views.at(-1)?.error);
    isDown = false;
    await settled(() => clock.pass(500));

    expect(text()).toBe('connected');
  });

  it('needs a provider above it', () => {
    expect(() => renderToString(createElement(State))).toThrow(
      'useConnection needs a <FanfareProvider> above its component.',
    );
  });
});

describe('a provider', () => {
  it('keeps one connection when it is rendered again with another function', async () => {
    const { server, show: again } = await show(createElement(State));
    await again(createElement(State));
    await again(createElement('i'));

    expect(server.sockets).toHaveLength(1);
    expect(server.open).toHaveLength(1);
  });

  it('connects again under another key, and closes the first connection', async () => {
    const server = new FakeServer();
    const { connect } = await import('fanfare-client');
    const inner = (key: string) =>
      createElement(
        FanfareProvider,
        { key, connect: () => connect('ws://fake/stage', { webSocket: server.webSocket, token: key }) },
        createElement(State),
      );
    const { show: again } = await show(inner('ann'));
    await again(inner('ben'));

    expect(server.open.map(({ protocols }) => protocols.includes('ben'))).toEqual([true]);
    expect(server.sockets.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('gets what a handler for messages throws, and the messages come all the same', async () => {
    const onError = vi.fn();
    const { server, settled, text } = await show(createElement(Failing), { onError });
    await settled(() => server.say('chat:room', 1));
    await settled(() => server.say('chat:room', 2));

    expect(text()).toBe('2');
    expect(onError.mock.calls).toEqual([[new Error('a mistake')], [new Error('a mistake')]]);
  });
});
