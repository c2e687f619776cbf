/** What is behind each path: upgrades, the management API, the HTTP API, function URLs, the console, the APIs of AWS. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Functions } from '../functions/functions.ts';
import { answerInvoke, invokedFunction } from '../functions/invoke-api.ts';
import { sendReply } from '../functions/lambda-reply.ts';
import type { FunctionUrl } from '../http/function-url.ts';
import type { HttpApi } from '../http/http-api.ts';
import { answerJson, type JsonOperations } from '../json-api.ts';
import { decodeSegment } from '../path-segment.ts';
import { serveConsole } from './console-files.ts';
import { refuseUpgrade, replyError } from './http-reply.ts';
import { newRequestId } from './ids.ts';
import { manage, managedConnection } from './management-api.ts';
import type { WebSocketApi } from './web-socket-api.ts';

export interface Site {
  readonly stageName: string;
  readonly api: WebSocketApi;
  /** Its stage may be the root. */
  readonly httpApi: HttpApi | undefined;
  /** By the name of the function. */
  readonly functionUrls: ReadonlyMap<string, FunctionUrl>;
  readonly functions: Functions;
  /** Of the APIs that have one path, and their operation in a header. */
  readonly operations: JsonOperations;
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
  if (isJsonOperation(site, path, request)) return answerJson(site.operations, request, response);
  if (path === '/console' || (path === '/' && !hasRootApi(site)))
    return void response.writeHead(302, { Location: '/console/' }).end();
  if (path.startsWith('/console/')) return serveConsole(path.slice('/console/'.length), response);
  const reference = invokedFunction(path);
  if (reference !== undefined)
    return sendReply(response, await answerInvoke(reference, site.functions, request));
  const called = FUNCTION_URL.exec(path)?.groups;
  if (called) return callFunction(site, called, request, response);
  const resource = belowStage(site, path);
  const connectionId = managedConnection(resource ?? '');
  if (connectionId !== undefined) return manage(connectionId, site.api.open, request, response);
  if (site.httpApi?.serves(path)) return site.httpApi.answer(request, response);
  if (resource === '') return replyError(response, 426, 'UpgradeRequired', 'Upgrade Required');
  replyError(response, 403, 'ForbiddenException', 'Forbidden');
}

function hasRootApi({ httpApi }: Site): boolean {
  return httpApi?.isAtRoot === true;
}

/** Where the root belongs to an API, only the header tells which of the two is meant. */
function isJsonOperation(site: Site, path: string, { method, headers }: IncomingMessage): boolean {
  if (path !== '/' || method !== 'POST') return false;
  return !hasRootApi(site) || headers['x-amz-target'] !== undefined;
}

const FUNCTION_URL = /^\/lambda-url\/(?<name>[^/]+)(?<path>\/.*)?$/;

async function callFunction(
  { functionUrls }: Site,
  { name = '', path = '' }: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const functionUrl = functionUrls.get(decodeSegment(name));
  if (functionUrl) return functionUrl.answer(path, request, response);
  replyError(response, 404, 'NotFoundException', 'Not Found');
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
