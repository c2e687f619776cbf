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

/** Looks like a connection id; anything else is a 400 and not a 410 (MG-7). */
const CONNECTION_ID = /^[A-Za-z0-9_-]{8,64}={0,2}$/;

const PATH = /^\/(?:@|%40)connections\/(?<id>[^/]+)$/i;

/** Where a message comes from that answers nothing. */
const POSTED = '@connections';

const NO_BODY = Buffer.alloc(0);

/** What requests are about, and what they are subject to. */
export interface Managed {
  /** Only connections whose `$connect` has completed: before that and after the end, 410 (HS-15). */
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
 * The connection id that a path below the stage names, or `undefined` for other paths. What is not percent-encoded
 * properly is no connection id either (MG-7).
 */
export function managedConnection(path: string): string | undefined {
  const id = PATH.exec(path)?.groups?.['id'];
  return id === undefined ? undefined : decodeSegment(id);
}

/** Who signs wrongly learns nothing about connections. */
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

/** Without what only events need of a request, because a broadcast is many of them. */
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
  // What AWS does with other bytes is unknown (LM-8): they are refused loudly.
  if (!isUtf8(body))
    return replyError(response, invalidTextStatus, 'BadRequestException', 'The body is not UTF-8 text');
  // The client is there, and reads too slowly (MG-10).
  if (connection.unreadBytes > sendBufferBytes)
    return replyError(response, 429, 'LimitExceededException', 'The buffer of the client is full');
  if (!connection.send(body.toString('utf8'), POSTED)) return replyError(response, 410, 'GoneException');
  // At the end of the turn, with the frames of all its posts: a caller that is woken for each answer slows a broadcast down.
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
