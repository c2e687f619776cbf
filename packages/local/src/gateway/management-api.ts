/** The management API: post to, look at and close a connection (MG-1 to MG-10). */

import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReceivedRequest } from '../signature/canonical-request.ts';
import { verdictOn } from '../signature/verdict.ts';
import { replyError } from '../web/error-reply.ts';
import { headerValue } from '../web/header-values.ts';
import { decodeSegment } from '../web/path-segment.ts';
import { readBody } from '../web/request-body.ts';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { Connection } from './connection.ts';
import { MESSAGE_BYTES } from './platform-limits.ts';
import { type PostDelay, postDelay } from './post-delay.ts';

/** The form of a connection id. A text of another form is answered 400 and not 410 (MG-7). */
const CONNECTION_ID = /^[A-Za-z0-9_-]{8,64}={0,2}$/;

const PATH = /^\/(?:@|%40)connections\/(?<id>[^/]+)$/i;

/** The route of messages that answer no request. */
const POSTED = '@connections';

const NO_BODY = Buffer.alloc(0);

/** The connections, and the rules for requests about them. */
export interface Managed {
  /** Connections whose `$connect` has completed. All others are answered 410 (HS-15). */
  readonly open: ReadonlyMap<string, Connection>;
  /** Whether the account's quota lets another request through (LM-1). @default always */
  readonly admits?: () => boolean;
  readonly choices?: Choices;
  /** @default none */
  readonly delay?: PostDelay;
}

type Operation = (
  connection: Connection,
  body: Buffer,
  response: ServerResponse,
  choices: Choices,
) => void | Promise<void>;

const operations = new Map<string | undefined, Operation>([
  ['POST', post],
  ['GET', describe],
  ['DELETE', close],
]);

/**
 * The connection id in a path below the stage, or `undefined` for other paths. An id with broken percent-encoding is kept as it is, and is
 * not a connection id (MG-7).
 */
export function managedConnection(path: string): string | undefined {
  const id = PATH.exec(path)?.groups?.['id'];
  return id === undefined ? undefined : decodeSegment(id);
}

/** The signature is checked first, so that a caller without a valid one learns nothing about connections. */
export async function manage(
  id: string,
  { open, admits = () => true, choices = DEFAULT_CHOICES, delay = postDelay(undefined) }: Managed,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const operation = operations.get(request.method);
  if (!operation) return replyError(response, 403, 'ForbiddenException', 'Forbidden');
  const body = request.method === 'POST' ? await readBody(request, MESSAGE_BYTES) : NO_BODY;
  if (!body) return replyError(response, 413, 'PayloadTooLargeException', 'Payload is too large');
  if (request.method === 'POST') await delay();
  const verdict = verdictOn(received(request), body, 'execute-api');
  if (verdict !== 'signed') return replyError(response, 403, verdict.type, verdict.message);
  if (!admits()) return replyError(response, 429, 'LimitExceededException', 'Too Many Requests');
  if (!CONNECTION_ID.test(id)) {
    return replyError(response, 400, 'BadRequestException', `Invalid connectionId: ${id}`);
  }
  const connection = open.get(id);
  if (!connection) return replyError(response, 410, 'GoneException');
  await operation(connection, body, response, choices);
}

/** Reads only what the signature covers, because a broadcast makes many posts. */
function received({ method = '', url = '/', rawHeaders }: IncomingMessage): ReceivedRequest {
  const [path = '', ...query] = url.split('?');
  return { method, path, rawQueryString: query.join('?'), header: (name) => headerValue(rawHeaders, name) };
}

async function post(
  connection: Connection,
  body: Buffer,
  response: ServerResponse,
  { invalidTextStatus, sendBufferBytes }: Choices,
): Promise<void> {
  // AWS has not documented its answer to other bytes (LM-8).
  if (!isUtf8(body))
    return replyError(response, invalidTextStatus, 'BadRequestException', 'The body is not UTF-8 text');
  // The client is connected and reads too slowly (MG-10).
  if (connection.unreadBytes > sendBufferBytes)
    return replyError(response, 429, 'LimitExceededException', 'The buffer of the client is full');
  if (!connection.send(body.toString('utf8'), POSTED)) return replyError(response, 410, 'GoneException');
  // The answer is sent at the end of the turn, together with others: waking the caller for each answer would slow a broadcast down.
  setImmediate(() => response.writeHead(200, { 'Content-Length': 0 }).end());
}

function describe({ facts, lastActiveAt }: Connection, _body: Buffer, response: ServerResponse): void {
  const body = JSON.stringify({
    connectedAt: new Date(facts.connectedAt).toISOString(),
    identity: facts.identity,
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  });
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function close(connection: Connection, _body: Buffer, response: ServerResponse): void {
  connection.delete();
  response.writeHead(204).end();
}
