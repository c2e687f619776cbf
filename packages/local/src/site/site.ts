/** Finds the door and the handler of each path: WebSocket, management API, HTTP API, function URLs, pages and the APIs of AWS. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BillMeter } from '../bill/bill-meter.ts';
import type { Functions } from '../functions/functions.ts';
import { answerInvoke, invokedFunction } from '../functions/invoke-api.ts';
import { sendReply } from '../functions/lambda-reply.ts';
import type { Choices } from '../gateway/choices.ts';
import { manage, managedConnection } from '../gateway/management-api.ts';
import type { PostDelay } from '../gateway/post-delay.ts';
import type { Refusals } from '../gateway/refusals.ts';
import type { WebSocketApi } from '../gateway/web-socket-api.ts';
import type { Doors, UpgradeWay, Way } from '../guard/guarded-server.ts';
import { OF_THIS_MACHINE_ONLY } from '../guard/pages.ts';
import type { FunctionUrl } from '../http/function-url.ts';
import type { HttpApi } from '../http/http-api.ts';
import { answerJson, type JsonOperations } from '../permissions/json-api.ts';
import { manageConnections } from '../permissions/needs.ts';
import type { Guard } from '../permissions/permissions.ts';
import { deployedApiHost } from '../template/account.ts';
import { refuseUpgrade, replyError } from '../web/error-reply.ts';
import { newRequestId } from '../web/ids.ts';
import { decodeSegment } from '../web/path-segment.ts';
import { answerBill, BILL_PATH } from './bill-api.ts';
import { type MorePages, PAGES_PATH, type Pages, pageOf, servePage } from './pages.ts';
import { answerRefusals, REFUSALS_PATH } from './refusals-api.ts';

export interface Site {
  readonly api: WebSocketApi | undefined;
  /** Its stage may be the root. */
  readonly httpApi: HttpApi | undefined;
  /** By the name of the function. */
  readonly functionUrls: ReadonlyMap<string, FunctionUrl>;
  readonly functions: Functions;
  /** The operations of the APIs that have one path and name the operation in a header. */
  readonly operations: JsonOperations;
  /** Decides on the permissions of functions. */
  readonly guard: Guard;
  readonly meter: BillMeter;
  readonly choices: Choices;
  /** Whether the account's quota admits another request (LM-1). */
  readonly admitsRequest: () => boolean;
  readonly delay: PostDelay;
  readonly refusals: Refusals;
  readonly pages: Pages;
  readonly morePages: MorePages;
  /** The path to which a browser is led that opens the root. */
  readonly home: string;
}

/** The deployed hosts of the APIs on this port. Requests of functions for them come here without TLS. */
function namesOf({ api, httpApi }: Site): ReadonlySet<string> {
  const ids = [api?.model.apiId, httpApi?.apiId].filter((id) => id !== undefined);
  return new Set(ids.map((id) => deployedApiHost(id).toLowerCase()));
}

/** Every path has a door, so that the guard checks every request. */
export function doorsOf(site: Site): Doors {
  return {
    names: namesOf(site),
    wayOf(request) {
      const { door, take } = wayTo(site, pathOf(request), request);
      return {
        door,
        async take(_request, response) {
          try {
            await take(request, response);
          } catch {
            replyError(response, 500, 'InternalServerError');
          }
        },
      };
    },
    upgradeWayOf: (request) => upgradeWay(site, request),
    onUpgradeRefused: (status, reason) => site.refusals.refused(status, { reason }),
  };
}

/** The WebSocket endpoint is the stage, with or without a slash (EP-1), or the root, as with a custom domain (EP-3). */
function upgradeWay(site: Site, request: IncomingMessage): UpgradeWay {
  const { api, choices } = site;
  if (!api || belowStage(api, pathOf(request)) !== '')
    return refusing(site, choices.wrongPathStatus, 'There is no WebSocket API at this path.');
  if (!isHandshake(request)) return refusing(site, 400, 'The request is not a WebSocket handshake.');
  return { door: api.door, take: (_request, socket, head) => api.upgrade(request, socket, head) };
}

/** Refuses an upgrade before any function runs. */
function refusing({ refusals }: Site, status: number, reason: string): UpgradeWay {
  return {
    door: OF_THIS_MACHINE_ONLY,
    take(_request, socket) {
      refusals.refused(status, { reason });
      refuseUpgrade(socket, status, newRequestId());
    },
  };
}

/** Checked here, because `ws` would refuse it only after `$connect` has run (RFC 6455, section 4.2.1). */
function isHandshake({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')
  );
}

function wayTo(site: Site, path: string, request: IncomingMessage): Way {
  const { operations, guard, functions } = site;
  if (isJsonOperation(site, path, request))
    return { door: 'program', take: (_, response) => answerJson(operations, guard, request, response) };
  const page = pageAt(site, path);
  if (page) return { door: 'page', take: page };
  const reference = invokedFunction(path);
  if (reference !== undefined) {
    const answer = () => answerInvoke(reference, functions, guard, request);
    return { door: 'program', take: async (_, response) => sendReply(response, await answer()) };
  }
  const called = FUNCTION_URL.exec(path)?.groups;
  return called ? wayToFunction(site, called) : wayToApis(site, path, request);
}

function pageAt(site: Site, path: string): Way['take'] | undefined {
  if (path === '/' && !hasRootApi(site))
    return (request, response) => redirect(response, wantsPage(request) ? site.home : PAGES_PATH);
  if (`${path}/` === PAGES_PATH) return (_, response) => redirect(response, PAGES_PATH);
  if (path === REFUSALS_PATH) return (request, response) => answerRefusals(site.refusals, request, response);
  if (path === BILL_PATH) return (request, response) => answerBill(site.meter, request, response);
  if (path.startsWith(PAGES_PATH))
    return (_, response) => servePage(pageOf(site.pages, path.slice(PAGES_PATH.length)), response);
  return pageBelow(site.morePages, path);
}

function pageBelow(morePages: MorePages, path: string): Way['take'] | undefined {
  const below = [...morePages.keys()].find((start) => `${path}/`.startsWith(start));
  const site = morePages.get(below ?? '');
  if (below === undefined || !site) return undefined;
  if (`${path}/` === below) return (_, response) => redirect(response, below);
  return (request, response) => {
    const url = new URL(request.url ?? '', `http://localhost:${request.socket.localPort}`);
    return servePage(site.find(path.slice(below.length), url), response);
  };
}

/** Browsers accept `text/html`. Programs accept any type. */
function wantsPage({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/html') === true;
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, Vary: 'Accept' }).end();
}

function wayToApis(site: Site, path: string, request: IncomingMessage): Way {
  const { api, httpApi, choices, admitsRequest } = site;
  const resource = api && belowStage(api, path);
  const connectionId = managedConnection(resource ?? '');
  if (api && connectionId !== undefined)
    return {
      door: 'signed',
      take: (_, response) => manageIfAllowed(connectionId, api, site, request, response),
    };
  if (httpApi?.serves(path))
    return {
      door: httpApi.doorOf(request),
      take: (_, response) =>
        admitsRequest()
          ? httpApi.answer(request, response)
          : replyError(response, 429, 'TooManyRequestsException', 'Too Many Requests'),
    };
  const [status, type, message] =
    resource === ''
      ? ([choices.plainRequestStatus, 'UpgradeRequired', 'Upgrade Required'] as const)
      : ([choices.wrongPathStatus, 'ForbiddenException', 'Forbidden'] as const);
  return { door: OF_THIS_MACHINE_ONLY, take: (_, response) => replyError(response, status, type, message) };
}

/** Checks the permission before it looks for the connection. */
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

/** If an API is served at the root, only the header distinguishes the two. */
function isJsonOperation(site: Site, path: string, { method, headers }: IncomingMessage): boolean {
  if (path !== '/' || method !== 'POST') return false;
  return !hasRootApi(site) || headers['x-amz-target'] !== undefined;
}

const FUNCTION_URL = /^\/lambda-url\/(?<name>[^/]+)(?<path>\/.*)?$/;

function wayToFunction(
  { functionUrls }: Site,
  { name = '', path = '' }: Readonly<Record<string, string>>,
): Way {
  const functionUrl = functionUrls.get(decodeSegment(name));
  if (functionUrl)
    return {
      door: functionUrl.door,
      take: (request, response) => functionUrl.answer(path, request, response),
    };
  return {
    door: OF_THIS_MACHINE_ONLY,
    take: (_, response) => replyError(response, 404, 'NotFoundException', 'Not Found'),
  };
}

/** The part of a path after the stage. The root stands for the stage. */
function belowStage({ model }: WebSocketApi, path: string): string | undefined {
  const stage = `/${model.stageName}`;
  if (path === '/' || path === stage || path === `${stage}/`) return '';
  if (path.startsWith(`${stage}/`)) return path.slice(stage.length);
  return path.startsWith('/@connections/') ? path : undefined;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}
