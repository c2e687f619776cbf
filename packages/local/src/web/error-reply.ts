/** HTTP errors in the form of API Gateway. */

import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { newRequestId } from './ids.ts';

/** An error that the SDK can name: `x-amzn-ErrorType` is what it maps to an exception (MG-6). */
export function replyError(response: ServerResponse, status: number, type: string, message?: string): void {
  const body = message === undefined ? '' : JSON.stringify({ message });
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'x-amzn-RequestId': newRequestId(),
    'x-amzn-ErrorType': type,
  });
  response.end(body);
}

/** The exceptions of the SDK by status. Other statuses are internal errors. */
const errorTypes = new Map([
  [400, 'BadRequestException'],
  [401, 'UnauthorizedException'],
  [403, 'ForbiddenException'],
  [429, 'LimitExceededException'],
]);

/** Refuses an upgrade. Programs see the status. Pages see neither status nor body (HS-7, HS-8). */
export function refuseUpgrade(socket: Duplex, status: number, requestId: string, message?: string): void {
  const body = message === undefined ? '' : JSON.stringify({ message });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-amzn-RequestId: ${requestId}`,
    `x-amzn-ErrorType: ${errorTypes.get(status) ?? 'InternalServerErrorException'}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
