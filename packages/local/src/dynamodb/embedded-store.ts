/**
 * An embedded DynamoDB API on a free loopback port. It needs no Java, no Docker and no account, and ends with the process.
 *
 * The server of this file stands in front of dynalite. It adds transactions, stream records, permissions and the bill.
 */

import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type Meter, NO_METER } from '../bill/meter.ts';
import { guardedServer } from '../guard/guarded-server.ts';
import { type Guard, NO_GUARD } from '../permissions/permissions.ts';
import type { StreamedTable } from '../template/event-source-model.ts';
import { wholeBody } from '../web/request-body.ts';
import { isRefused } from './access-denied.ts';
import { ChangeCapture, type OnRecord } from './change-capture.ts';
import { asking, consumesCapacity, taking } from './consumed-capacity.ts';
import { expireItems } from './expiry.ts';
import { withItemInTheWay } from './item-in-the-way.ts';
import { refusedWrite } from './refused-write.ts';
import { RequestTokens } from './request-tokens.ts';
import { refusal, type Send, type StoreAnswer } from './store-answer.ts';
import { CONTENT_TYPE, type RawAnswer, StoreBehind, TARGET } from './store-behind.ts';
import { transactGetItems } from './transacted-reads.ts';
import { capacityOfReads, capacityOfWrites } from './transaction-capacity.ts';
import { TransactionGate } from './transaction-gate.ts';
import { transactWriteItems } from './transactions.ts';
import { unknownOperation } from './unknown-operation.ts';

export interface EmbeddedStore {
  readonly url: string;
  /** Deletes the expired items of tables with a stream, which gets records of the deletions. */
  expireItems(): Promise<void>;
  close(): Promise<void>;
}

/** The tables whose streams are read. Requests to other tables take no extra time. */
export interface Streams {
  readonly tables: readonly StreamedTable[];
  readonly onRecord: OnRecord;
}

const NO_STREAMS: Streams = { tables: [], onRecord: () => {} };

/** The address that functions get. */
const NO_NAMES: ReadonlySet<string> = new Set();

/** Longer than the SDK keeps an idle socket, so that the SDK never reuses a socket that the server closes. Milliseconds. */
const KEEP_ALIVE_MS = 65_000;

export async function startEmbeddedStore(
  { tables, onRecord } = NO_STREAMS,
  meter: Meter = NO_METER,
  guard: Guard = NO_GUARD,
): Promise<EmbeddedStore> {
  const store = new StoreBehind();
  const gate = new TransactionGate();
  const { send } = store;
  const capture = new ChangeCapture(tables, send, onRecord);
  const tokens = new RequestTokens();
  const behind: Behind = { store, send, gate, capture, tokens, meter, guard };
  const { server: front, open } = guardedServer();
  open({
    names: NO_NAMES,
    wayOf: () => ({
      door: 'program',
      take: (request, response) => answer(behind, request, response).catch(() => void response.destroy()),
    }),
  });
  front.keepAliveTimeout = KEEP_ALIVE_MS;
  return {
    url: await listen(front),
    expireItems: () => expireItems(tables, behind, Date.now()),
    async close() {
      await close(front);
      await store.close();
    },
  };
}

/** The store with the parts that the server adds to it. */
interface Behind {
  readonly store: StoreBehind;
  readonly send: Send;
  readonly gate: TransactionGate;
  readonly capture: ChangeCapture;
  readonly tokens: RequestTokens;
  readonly meter: Meter;
  readonly guard: Guard;
}

async function answer(behind: Behind, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const operation = operationOf(request);
  const body = await wholeBody(request);
  const transaction = transactions.get(operation);
  if (transaction) return answerTransaction(operation, transaction, behind, { body, request, response });
  if (isRefused(behind.guard, operation, () => parsed(body), request, response)) return;
  const leave = await behind.gate.enter();
  try {
    const { status, headers, body: text } = await run(operation, behind, request, body);
    response.writeHead(status, headers).end(text);
  } finally {
    leave();
  }
}

/** Runs while no other request does. */
type Transaction = (behind: Behind, body: unknown) => Promise<StoreAnswer>;

const transactions: ReadonlyMap<string, Transaction> = new Map([
  ['TransactWriteItems', transactedWrites],
  ['TransactGetItems', transactedReads],
]);

interface Exchange {
  readonly body: Buffer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answerTransaction(
  operation: string,
  transaction: Transaction,
  behind: Behind,
  { body, request, response }: Exchange,
): Promise<void> {
  const asked = parsed(body);
  if (isRefused(behind.guard, operation, () => asked, request, response)) return;
  const answer = await behind.gate.transaction(() => transaction(behind, asked));
  response.writeHead(answer.status, { 'Content-Type': CONTENT_TYPE }).end(JSON.stringify(answer.body));
}

async function transactedWrites(
  { send, capture, tokens, meter }: Behind,
  body: unknown,
): Promise<StoreAnswer> {
  const earlier = tokens.earlier(body);
  if (earlier === 'the same') return { status: 200, body: {} };
  if (earlier !== 'none') return refusal(earlier);
  const answer = await capture.around('TransactWriteItems', body, () => transactWriteItems(body, send));
  for (const consumed of capacityOfWrites(body)) meter.capacity(consumed);
  if (answer.status === 200) tokens.succeeded(body);
  return answer;
}

async function transactedReads({ send, meter }: Behind, body: unknown): Promise<StoreAnswer> {
  const answer = await transactGetItems(body, send);
  for (const consumed of capacityOfReads(body, answer.body)) meter.capacity(consumed);
  return answer;
}

/** A write to a table with a stream is answered after its records were handed over. */
async function run(
  operation: string,
  behind: Behind,
  request: IncomingMessage,
  body: Buffer,
): Promise<RawAnswer> {
  const { store, capture } = behind;
  const unknown = unknownOperation(operation);
  if (unknown) return unknown;
  if (!consumesCapacity(operation)) return store.call(request.headers, body);
  const call = () => metered(operation, behind, request, body);
  return capture.concerns(operation) ? capture.around(operation, parsed(body), call) : call();
}

async function metered(
  operation: string,
  { store, send, meter }: Behind,
  { headers }: IncomingMessage,
  body: Buffer,
): Promise<RawAnswer> {
  const { answer, consumed } = taking(operation, body, await store.call(headers, asking(body)));
  const refused = await refusedWrite(body, answer, send);
  for (const one of [...consumed, ...refused]) meter.capacity(one);
  return withItemInTheWay(body, answer, send);
}

/** If the body is not JSON, the store refuses the request itself. */
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

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
