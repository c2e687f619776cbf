/** The one place where servers are made: a request reaches what is behind only by a door, and past the guard of that door. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade, replyError } from '../web/error-reply.ts';
import { newRequestId } from '../web/ids.ts';
import { hostRefusal } from './host.ts';
import { type Door, pageRefusal } from './pages.ts';

/** What is behind a door. */
export interface Way {
  readonly door: Door;
  readonly take: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

export interface UpgradeWay {
  readonly door: Door;
  readonly take: (request: IncomingMessage, socket: Duplex, head: Buffer) => void | Promise<void>;
}

export interface Doors {
  /** Hosts, in lower case, beside those of loopback, under which functions ask for what is served here. */
  readonly names: ReadonlySet<string>;
  /** Called for a request whose host is right. */
  readonly wayOf: (request: IncomingMessage) => Way;
  readonly upgradeWayOf?: (request: IncomingMessage) => UpgradeWay;
  /** Told of an upgrade that the guard refuses. */
  readonly onUpgradeRefused?: (status: number, reason: string) => void;
}

const FORBIDDEN = 403;

export interface GuardedServer {
  readonly server: Server;
  /** From now on requests are answered. */
  readonly open: (doors: Doors) => void;
}

/** It does not listen yet. Node's own answer to a request without a host has no sentence. */
export function guardedServer(): GuardedServer {
  const server = createServer({ requireHostHeader: false });
  return { server, open: (doors) => open(server, doors) };
}

function open(server: Server, { names, wayOf, upgradeWayOf, onUpgradeRefused }: Doors): void {
  server.on('request', (request, response) => {
    const foreign = hostRefusal(request, names);
    if (foreign !== undefined) return refuse(response, foreign);
    const { door, take } = wayOf(request);
    const reason = pageRefusal(door, request);
    if (reason !== undefined) return refuse(response, reason);
    void take(request, response);
  });
  // Without a listener, Node takes an upgrade for any other request.
  if (!upgradeWayOf) return;
  server.on('upgrade', (request, socket, head) => {
    // Node leaves the socket to its listener. A client that resets it must not crash the runtime.
    socket.on('error', () => socket.destroy());
    const refuseHere = (reason: string) => {
      onUpgradeRefused?.(FORBIDDEN, reason);
      refuseUpgrade(socket, FORBIDDEN, newRequestId(), reason);
    };
    const foreign = hostRefusal(request, names);
    if (foreign !== undefined) return refuseHere(foreign);
    const { door, take } = upgradeWayOf(request);
    const reason = pageRefusal(door, request);
    if (reason !== undefined) return refuseHere(reason);
    void take(request, socket, head);
  });
}

function refuse(response: ServerResponse, reason: string): void {
  replyError(response, FORBIDDEN, 'ForbiddenException', reason);
}
