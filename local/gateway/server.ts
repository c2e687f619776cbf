/** What is behind each path: upgrades, the management API, the HTTP API, function URLs, the console, the APIs of AWS. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerBill, BILL_PATH } from '../bill/bill-api.ts';
import type { BillMeter } from '../bill/bill-meter.ts';
import { serveConsole } from '../console/serve-console.ts';
import type { Functions } from '../functions/functions.ts';
import { answerInvoke, invokedFunction } from '../functions/invoke-api.ts';
import { sendReply } from '../functions/lambda-reply.ts';
import type { FunctionUrl } from '../http/function-url.ts';
import type { HttpApi } from '../http/http-api.ts';
import { answerJson, type JsonOperations } from '../json-api.ts';
import { decodeSegment } from '../path-segment.ts';
import { manageConnections } from '../permissions/needs.ts';
import type { Guard } from '../permissions/permissions.ts';
import type { Choices } from './choices.ts';
import { refuseUpgrade, replyError } from './http-reply.ts';
import { newRequestId } from './ids.ts';
import { manage, managedConnection } from './management-api.ts';
import type { PostDelay } from './post-delay.ts';
import type { Refusals } from './refusals.ts';
import { answerRefusals, REFUSALS_PATH } from './refusals-api.ts';
import type { WebSocketApi } from './web-socket-api.ts';

export interface Site {
  readonly api: WebSocketApi | undefined;
  /** Its stage may be the root. */
  readonly httpApi: HttpApi | undefined;
  /** By the name of the function. */
  readonly functionUrls: ReadonlyMap<string, FunctionUrl>;
  readonly functions: Functions;
  /** Of the APIs that have one path, and their operation in a header. */
  readonly operations: JsonOperations;
  /** What functions may do. */
  readonly guard: Guard;
  readonly meter: BillMeter;
  readonly choices: Choices;
  /** Whether the account's quota lets another request through (LM-1). */
  readonly admitsRequest: () => boolean;
  readonly delay: PostDelay;
  readonly refusals: Refusals;
  /** Where a browser is led that opens the root. */
  readonly home: string;
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
  const { api, choices } = site;
  if (!api || belowStage(api, pathOf(request)) !== '')
    refuseEarly(site, socket, choices.wrongPathStatus, 'There is no WebSocket API at this path.');
  else if (!isHandshake(request)) refuseEarly(site, socket, 400, 'The request is not a WebSocket handshake.');
  else await api.upgrade(request, socket, head);
}

/** Before any function was asked. */
function refuseEarly({ refusals }: Site, socket: Duplex, status: number, reason: string): void {
  refusals.refused(status, { reason });
  refuseUpgrade(socket, status, newRequestId());
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
  if (isJsonOperation(site, path, request)) return answerJson(site.operations, site.guard, request, response);
  if (path === '/' && !hasRootApi(site))
    return redirect(response, wantsPage(request) ? site.home : '/console/');
  if (path === '/console') return redirect(response, '/console/');
  if (path === REFUSALS_PATH) return answerRefusals(site.refusals, request, response);
  if (path === BILL_PATH) return answerBill(site.meter, request, response);
  if (path.startsWith('/console/')) return serveConsole(path.slice('/console/'.length), response);
  const reference = invokedFunction(path);
  if (reference !== undefined)
    return sendReply(response, await answerInvoke(reference, site.functions, site.guard, request));
  const called = FUNCTION_URL.exec(path)?.groups;
  if (called) return callFunction(site, called, request, response);
  return answerOfApis(site, path, request, response);
}

/** Browsers ask for HTML by its name; programs take anything. */
function wantsPage({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/html') === true;
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, Vary: 'Accept' }).end();
}

async function answerOfApis(
  site: Site,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api, choices } = site;
  const resource = api && belowStage(api, path);
  const connectionId = managedConnection(resource ?? '');
  if (api && connectionId !== undefined) return manageIfAllowed(connectionId, api, site, request, response);
  if (site.httpApi?.serves(path)) {
    if (site.admitsRequest()) return site.httpApi.answer(request, response);
    return replyError(response, 429, 'TooManyRequestsException', 'Too Many Requests');
  }
  if (resource === '')
    return replyError(response, choices.plainRequestStatus, 'UpgradeRequired', 'Upgrade Required');
  replyError(response, choices.wrongPathStatus, 'ForbiddenException', 'Forbidden');
}

/** Whether the caller may is asked first; connections are looked for after that. */
async function manageIfAllowed(
  connectionId: string,
  { model, open }: WebSocketApi,
  { guard, admitsRequest, choices, delay }: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { apiId, stageName } = model;
  const denied = guard.refusalOf(request.headers.authorization, () => [
    manageConnections(apiId, stageName, request.method),
  ]);
  if (denied !== undefined) return replyError(response, 403, 'AccessDeniedException', denied);
  await manage(connectionId, { open, admits: admitsRequest, choices, delay }, request, response);
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
function belowStage({ model }: WebSocketApi, path: string): string | undefined {
  const stage = `/${model.stageName}`;
  if (path === '/' || path === stage) return '';
  if (path.startsWith(`${stage}/`)) return path.slice(stage.length);
  return path.startsWith('/@connections/') ? path : undefined;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}
