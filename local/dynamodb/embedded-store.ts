/**
 * An embedded DynamoDB API on a free loopback port: no Java, no Docker, no account, and gone with the process.
 *
 * In front of dynalite stands a server of our own, which adds transactions and the records of streams; all else is handed
 * over as it is.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer, json } from 'node:stream/consumers';
import dynalite from 'dynalite';
import type { StreamedTable } from '../template/event-source-model.ts';
import { ChangeCapture, type OnRecord } from './change-capture.ts';
import { expireItems } from './expiry.ts';
import { CONTENT_TYPE, callStore, senderTo, TARGET } from './store-call.ts';
import { TransactionGate } from './transaction-gate.ts';
import { type Send, transactWriteItems } from './transactions.ts';

export interface EmbeddedStore {
  readonly url: string;
  /** Deletes what has expired in tables with a stream, which gets records of it. */
  expireItems(): Promise<void>;
  close(): Promise<void>;
}

/** Tables whose changes somebody wants to know; requests to others are as fast as without. */
export interface Streams {
  readonly tables: readonly StreamedTable[];
  readonly onRecord: OnRecord;
}

const NO_STREAMS: Streams = { tables: [], onRecord: () => {} };

/** Longer than the SDK keeps an idle socket, so that it never reuses one that is being closed. Milliseconds. */
const KEEP_ALIVE_MS = 65_000;

export async function startEmbeddedStore({ tables, onRecord } = NO_STREAMS): Promise<EmbeddedStore> {
  const store = dynalite({ createTableMs: 0 });
  const send = senderTo(store);
  const gate = new TransactionGate();
  const capture = new ChangeCapture(tables, send, onRecord);
  const behind: Behind = { store, send, gate, capture };
  const front = createServer((request, response) => {
    const operation = operationOf(request);
    if (operation === 'TransactWriteItems') {
      answerTransaction(behind, request, response).catch(() => response.destroy());
    } else if (capture.concerns(operation)) {
      answerWrite(operation, behind, request, response).catch(() => response.destroy());
    } else void handOver(gate, store, request, response);
  });
  front.keepAliveTimeout = KEEP_ALIVE_MS;
  return {
    url: await listen(front),
    expireItems: () => expireItems(tables, behind, Date.now()),
    close: () => close(front),
  };
}

/** What the front stands in front of. */
interface Behind {
  readonly store: Server;
  readonly send: Send;
  readonly gate: TransactionGate;
  readonly capture: ChangeCapture;
}

async function handOver(
  gate: TransactionGate,
  store: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const leave = await gate.enter();
  // The end of a caller that left while it waited has been told already.
  if (response.closed) return leave();
  response.once('close', leave);
  store.emit('request', request, response);
  // dynalite throws what happens to a caller that gives up in the middle of its request.
  request.removeAllListeners('error').on('error', () => {});
}

async function answerTransaction(
  { gate, send, capture }: Behind,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await json(request);
  const write = () => transactWriteItems(body, send);
  const answer = await gate.transaction(() => capture.around('TransactWriteItems', body, write));
  response.writeHead(answer.status, { 'Content-Type': CONTENT_TYPE }).end(JSON.stringify(answer.body));
}

/** A write that may be to a table with a stream: it is answered once its records are told. */
async function answerWrite(
  operation: string,
  { store, gate, capture }: Behind,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const leave = await gate.enter();
  try {
    const write = () => callStore(store, request.headers, body);
    const { status, headers, body: json } = await capture.around(operation, parsed(body), write);
    response.writeHead(status, headers).end(json);
  } finally {
    leave();
  }
}

/** What is no JSON the store refuses itself. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function operationOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target']).replace(TARGET, '');
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The embedded store has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Only stops listening: dynalite's own `close` would throw at whatever is still under way. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
