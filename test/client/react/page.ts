/** Components on a page without a browser, over the fake server: what is rendered, and what the connection did for it. */

import { connect, type Options } from 'fanfare-client';
import { FanfareProvider } from 'fanfare-client/react';
import { Window } from 'happy-dom';
import { act, createElement, type ReactElement, StrictMode } from 'react';
import { onTestFinished, vi } from 'vitest';
import { FakeClock, settle } from '../fake-clock.ts';
import { FakeServer } from '../fake-server.ts';

const window = new Window();
vi.stubGlobal('window', window);
vi.stubGlobal('navigator', window.navigator);
vi.stubGlobal('document', window.document);
// React then warns of each change that no test waits for.
vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
// React looks for a page when it is loaded.
const { createRoot, hydrateRoot } = await import('react-dom/client');

export interface Shown {
  readonly server: FakeServer;
  readonly clock: FakeClock;
  /** What React has reported on the console. */
  readonly warnings: readonly unknown[];
  text(): string;
  html(): string;
  /** Renders another element in the place of the first one. */
  show(element: ReactElement): Promise<void>;
  /** Does something, and waits until the components have rendered all that follows from it. */
  settled(run: () => unknown): Promise<void>;
  unmount(): Promise<void>;
}

export interface Setup extends Options {
  readonly server?: FakeServer;
  readonly onError?: (error: Error) => unknown;
  /** What the server has rendered, for a page that is hydrated. */
  readonly fromServer?: string;
}

/** Renders an element below a provider, in StrictMode, and waits until everything is done. */
export async function show(element: ReactElement, setup: Setup = {}): Promise<Shown> {
  const { server = new FakeServer(), onError, fromServer, ...options } = setup;
  const clock = new FakeClock();
  const open = () =>
    connect('ws://fake/stage', { webSocket: server.webSocket, clock, random: () => 1, ...options });
  const below = (inner: ReactElement) => inStrictMode(open, inner, onError);
  const warnings: unknown[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((...told) => warnings.push(told.join(' ')));
  const container = window.document.createElement('div');
  container.innerHTML = fromServer ?? '';
  const root = await act(async () => {
    const onRecoverableError = (error: unknown) => warnings.push(error);
    const made =
      fromServer === undefined
        ? createRoot(container)
        : hydrateRoot(container, below(element), { onRecoverableError });
    if (fromServer === undefined) made.render(below(element));
    await settle();
    return made;
  });
  const settled = (run: () => unknown) =>
    act(async () => {
      await run();
      await settle();
    });
  const unmount = () => settled(() => root.unmount());
  onTestFinished(async () => {
    await unmount();
    spy.mockRestore();
  });
  return {
    server,
    clock,
    warnings,
    text: () => container.textContent,
    html: () => container.innerHTML,
    show: (next) => settled(() => root.render(below(next))),
    settled,
    unmount,
  };
}

/** The same tree on a server and in a browser. */
export function inStrictMode(
  open: () => ReturnType<typeof connect>,
  inner: ReactElement,
  onError?: (error: Error) => unknown,
): ReactElement {
  const provider = createElement(FanfareProvider, { connect: open, ...(onError && { onError }) }, inner);
  return createElement(StrictMode, null, provider);
}
