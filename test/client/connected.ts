/** A client over the fake server and the fake clock, with all of its events. */

import { type Connection, type ConnectionEvents, connect, type Options } from 'fanfare-client';
import { onTestFinished } from 'vitest';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';

export interface Setup {
  readonly server: FakeServer;
  readonly clock: FakeClock;
  readonly connection: Connection;
  /** All events of the connection, in order. */
  readonly told: [name: string, event: unknown][];
}

const names: readonly (keyof ConnectionEvents)[] = [
  'state',
  'reconnecting',
  'closing',
  'rotated',
  'lost',
  'error',
];

/** A connection that has just been asked for. `random` is 1: every delay is as long as it can be. */
export function setUp(options: Options = {}, server = new FakeServer()): Setup {
  const clock = options.clock instanceof FakeClock ? options.clock : new FakeClock();
  const connection = connect('ws://fake/stage', {
    webSocket: server.webSocket,
    clock,
    random: () => 1,
    ...options,
  });
  const told: [string, unknown][] = [];
  for (const name of names) connection.on(name, (event) => told.push([name, event]));
  onTestFinished(() => connection.close());
  return { server, clock, connection, told };
}

/** The same, once it is open. */
export async function connected(options: Options = {}, server = new FakeServer()): Promise<Setup> {
  const setup = setUp(options, server);
  await settle();
  return setup;
}
