/**
 * An embedded DynamoDB API on a free loopback port: no Java, no Docker, no account, and gone with the process.
 *
 * In front of dynalite stands a server of our own, which adds transactions; all else is handed over as it is.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import dynalite from 'dynalite';
import * as v from 'valibot';
import { TransactionGate } from './transaction-gate.ts';
import { type Send, type StoreAnswer, transactWriteItems } from './transactions.ts';

export interface EmbeddedStore {
  readonly url: string;
  close(): Promise<void>;
}

/** Longer than the SDK keeps an idle socket, so that it never reuses one that is being closed. Milliseconds. */
const KEEP_ALIVE_MS = 65_000;

const TARGET = 'DynamoDB_20120810.';
const CONTENT_TYPE = 'application/x-amz-json-1.0';

export async function startEmbeddedStore(): Promise<EmbeddedStore> {
  const store = dynalite({ createTableMs: 0 });
  const storeUrl = await listen(store);
  const gate = new TransactionGate();
  const front = createServer((request, response) => {
    const operation = operationOf(request);
    if (operation === 'TransactWriteItems') {
      answerTransaction(gate, sender(storeUrl), request, response).catch(() => response.destroy());
    } else void handOver(gate, store, request, response);
  });
  front.keepAliveTimeout = KEEP_ALIVE_MS;
  const url = await listen(front);
  return {
    url,
    async close() {
      await Promise.all([close(front), close(store)]);
    },
  };
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
  gate: TransactionGate,
  send: Send,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await json(request);
  const answer = await gate.transaction(() => transactWriteItems(body, send));
  response.writeHead(answer.status, { 'Content-Type': CONTENT_TYPE }).end(JSON.stringify(answer.body));
}

/** Requests to the store behind the front, past the gate. */
function sender(url: string): Send {
  return async (operation, body): Promise<StoreAnswer> => {
    const headers = {
      'Content-Type': CONTENT_TYPE,
      'X-Amz-Target': TARGET + operation,
      // Both are wanted, and neither is checked.
      'X-Amz-Date': '20000101T000000Z',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=local/0/0/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: v.parse(answerBody, await response.json()) };
  };
}

const answerBody = v.record(v.string(), v.unknown());

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

/** Only stops listening: dynalite's own `close` closes its store, too, and then throws at whatever is still under way. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  Server.prototype.close.call(server);
  server.closeAllConnections();
  await closed;
}
