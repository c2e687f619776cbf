/** The bill over HTTP: `GET` reads it, `DELETE` begins a new one. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BillMeter } from '../bill/bill-meter.ts';
import { replyError } from '../web/error-reply.ts';

/** A WebSocket API has no such path. An HTTP API with this path is not reached by it. */
export const BILL_PATH = '/local-api/bill';

type BillHandler = (meter: BillMeter, response: ServerResponse) => void;

const answers = new Map<string | undefined, BillHandler>([
  ['GET', show],
  ['DELETE', reset],
]);

export function answerBill(meter: BillMeter, { method }: IncomingMessage, response: ServerResponse): void {
  const answer = answers.get(method);
  if (answer) answer(meter, response);
  else replyError(response, 405, 'MethodNotAllowedException', 'GET reads the bill, DELETE begins a new one');
}

function show(meter: BillMeter, response: ServerResponse): void {
  const json = JSON.stringify(meter.bill());
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
    'Cache-Control': 'no-store',
  });
  response.end(json);
}

function reset(meter: BillMeter, response: ServerResponse): void {
  meter.reset();
  response.writeHead(204).end();
}
