/** What is behind each path: upgrades, the management API, the console, and the API of Lambda. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Functions } from '../functions/functions.ts';
import { answerInvoke, invokedFunction } from '../functions/invoke-api.ts';
import { sendReply } from '../functions/lambda-reply.ts';
import { serveConsole } from './console-files.ts';
import { newRequestId } from './events.ts';
import { refuseUpgrade, replyError } from './http-reply.ts';
import { manage, managedConnection } from './management-api.ts';
import type { WebSocketApi } from './web-socket-api.ts';

export interface Site {
  readonly stageName: string;
  readonly api: WebSocketApi;
  readonly functions: Functions;
}

/** Lets the servers answer for the site. */
export function serve(servers: readonly Server[], site: Site): void {
  for (const server of servers) {
    server.on('request', (request, response) => {
      respond(site, request, response).catch(() => replyError(response, 500, 'InternalServerError'));
    });
    server.on('upgrade', (request, socket, head) => void upgrade(site, request, socket, head));
  }
}

/** Only exactly the stage is a WebSocket endpoint (EP-1), or the root, as a custom domain would map it (EP-3). */
async function upgrade(site: Site, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  if (belowStage(site, pathOf(request)) !== '') refuseUpgrade(socket, 403, newRequestId());
  else if (!isHandshake(request)) refuseUpgrade(socket, 400, newRequestId());
  else await site.api.upgrade(request, socket, head);
}

/** What `ws` would refuse only after `$connect` had run (RFC 6455, section 4.2.1). */
function isHandshake({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')
  );
}

async function respond(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  if (path === '/' || path === '/console')
    return void response.writeHead(302, { Location: '/console/' }).end();
  if (path.startsWith('/console/')) return serveConsole(path.slice('/console/'.length), response);
  const reference = invokedFunction(path);
  if (reference !== undefined)
    return sendReply(response, await answerInvoke(reference, site.functions, request));
  const resource = belowStage(site, path);
  const connectionId = managedConnection(resource ?? '');
  if (connectionId !== undefined) return manage(connectionId, site.api.open, request, response);
  if (resource === '') return replyError(response, 426, 'UpgradeRequired', 'Upgrade Required');
  replyError(response, 403, 'ForbiddenException', 'Forbidden');
}

/** What follows the stage in a path; the root stands for the stage. */
function belowStage({ stageName }: Site, path: string): string | undefined {
  const stage = `/${stageName}`;
  if (path === '/' || path === stage) return '';
  if (path.startsWith(`${stage}/`)) return path.slice(stage.length);
  return path.startsWith('/@connections/') ? path : undefined;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}
