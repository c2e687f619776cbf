/** Listens on loopback only, on IPv4 and IPv6 alike, because `localhost` may mean either. */

import { once } from 'node:events';
import type { Server } from 'node:http';
import { StartError } from '../start-error.ts';
import { type Doors, type GuardedServer, guardedServer } from './guarded-server.ts';

export interface Listeners {
  readonly port: number;
  readonly servers: readonly Server[];
  /** Starts to answer requests. */
  readonly open: (doors: Doors) => void;
}

/** The errors of a machine without IPv6. */
const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Servers on one port of both loopback addresses.
 *
 * @param port 0 for any free one.
 * @throws StartError when the port is taken.
 */
export async function listen(port: number): Promise<Listeners> {
  const ipv4 = await listenOn('127.0.0.1', port);
  const address = ipv4.server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port');
  const { port: taken } = address;
  try {
    return listenersOf(taken, [ipv4, await listenOn('::1', taken)]);
  } catch (error) {
    if (NO_SUCH_ADDRESS.has(codeOf(error))) return listenersOf(taken, [ipv4]);
    ipv4.server.close();
    // The port is free on IPv4 and taken on IPv6. Another port is tried.
    if (port === 0 && error instanceof StartError) return listen(0);
    throw error;
  }
}

function listenersOf(port: number, guarded: readonly GuardedServer[]): Listeners {
  return {
    port,
    servers: guarded.map(({ server }) => server),
    open(doors) {
      for (const { open } of guarded) open(doors);
    },
  };
}

async function listenOn(host: string, port: number): Promise<GuardedServer> {
  const guarded = guardedServer();
  guarded.server.listen(port, host);
  try {
    await once(guarded.server, 'listening');
    return guarded;
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new StartError(
      `Port ${port} is in use; choose another with --port, or any free one with --port 0.`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
