/** The management API: post to, look at and close a connection (MG-1 to MG-10). */

import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MESSAGE_BYTES } from '../../protocol/limits.ts';
import { decodeSegment } from '../path-segment.ts';
import { readBody } from '../request-body.ts';
import type { Connection } from './connection.ts';
import { replyError } from './http-reply.ts';

/** Looks like a connection id; anything else is a 400 and not a 410 (MG-7). */
const CONNECTION_ID = /^[A-Za-z0-9_-]{8,64}={0,2}$/;

const PATH = /^\/(?:@|%40)connections\/(?<id>[^/]+)$/i;

type Operation = (
  connection: Connection,
  request: IncomingMessage,
  response: ServerResponse,
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

/** `open` holds only connections whose `$connect` has completed: before that and after the end, 410 (HS-15). */
export async function manage(
  id: string,
  open: ReadonlyMap<string, Connection>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const operation = operations.get(request.method);
  if (!operation) return replyError(response, 403, 'ForbiddenException', 'Forbidden');
  if (!CONNECTION_ID.test(id)) {
    return replyError(response, 400, 'BadRequestException', `Invalid connectionId: ${id}`);
  }
  const connection = open.get(id);
  if (!connection) return replyError(response, 410, 'GoneException');
  await operation(connection, request, response);
}

async function post(
  connection: Connection,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, MESSAGE_BYTES);
  if (!body) return replyError(response, 413, 'PayloadTooLargeException', 'Payload is too large');
  // What AWS does with other bytes is unknown (LM-8); refusing them loudly is this emulator's choice.
  if (!isUtf8(body)) return replyError(response, 400, 'BadRequestException', 'The body is not UTF-8 text');
  if (!connection.send(body.toString('utf8'))) return replyError(response, 410, 'GoneException');
  response.writeHead(200, { 'Content-Length': 0 }).end();
}

function describe(
  { facts, lastActiveAt }: Connection,
  _request: IncomingMessage,
  response: ServerResponse,
): void {
  const body = JSON.stringify({
    connectedAt: new Date(facts.connectedAt).toISOString(),
    identity: facts.identity,
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  });
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function close(connection: Connection, _request: IncomingMessage, response: ServerResponse): void {
  connection.delete();
  response.writeHead(204).end();
}
