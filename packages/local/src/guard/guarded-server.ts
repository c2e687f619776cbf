/** The only place that makes servers. Every request goes through a door, and the guard checks it there. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade, replyError } from '../web/error-reply.ts';
import { newRequestId } from '../web/ids.ts';
import { hostRefusal } from './host.ts';
import { type Door, pageRefusal } from './pages.ts';

/** A door, and the handler behind it. */
export interface Way {
  readonly door: Door;
  readonly take: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

export interface UpgradeWay {
  readonly door: Door;
  readonly take: (request: IncomingMessage, socket: Duplex, head: Buffer) => void | Promise<void>;
}

export interface Doors {
  /** Deployed hosts, in lower case, that functions may use in addition to the loopback hosts. */
  readonly names: ReadonlySet<string>;
  /** Called for a request whose host is allowed. */
  readonly wayOf: (request: IncomingMessage) => Way;
  readonly upgradeWayOf?: (request: IncomingMessage) => UpgradeWay;
  /** Called for each upgrade that the guard refuses. */
  readonly onUpgradeRefused?: (status: number, reason: string) => void;
}

const FORBIDDEN = 403;

export interface GuardedServer {
  readonly server: Server;
  /** Starts to answer requests. */
  readonly open: (doors: Doors) => void;
}

/** The server does not listen yet. It answers requests without a host itself, because Node's own answer has no explanation. */
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
  // Without a listener, Node treats an upgrade as a normal request.
  if (!upgradeWayOf) return;
  server.on('upgrade', (request, socket, head) => {
    // Node hands the socket to this listener. Without an error handler, a client that resets it would crash the runtime.
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
