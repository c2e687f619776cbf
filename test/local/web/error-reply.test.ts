import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { refuseUpgrade } from '../../../packages/local/src/web/error-reply.ts';

async function refusal(status: number, message?: string): Promise<string> {
  const socket = new PassThrough();
  refuseUpgrade(socket, status, 'request-1', message);
  return text(socket);
}

describe('a refused upgrade', () => {
  it.each([
    [400, 'Bad Request', 'BadRequestException'],
    [401, 'Unauthorized', 'UnauthorizedException'],
    [403, 'Forbidden', 'ForbiddenException'],
    [429, 'Too Many Requests', 'LimitExceededException'],
    [500, 'Internal Server Error', 'InternalServerErrorException'],
  ])('of status %i names the exception of the SDK (MG-6)', async (status, reason, type) => {
    const head = [
      `HTTP/1.1 ${status} ${reason}`,
      'Content-Type: application/json',
      'Content-Length: 17',
      'x-amzn-RequestId: request-1',
      `x-amzn-ErrorType: ${type}`,
      'Connection: close',
    ];

    expect(await refusal(status, 'né')).toBe(`${head.join('\r\n')}\r\n\r\n{"message":"né"}`);
  });

  it('without a message has no body', async () => {
    expect(await refusal(429)).toMatch(/Content-Length: 0\r\n[^{]*\r\n\r\n$/);
  });
});
