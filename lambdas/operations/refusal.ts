/** A failure as it stands in an answer of the HTTP API. */

import { type FailureBody, failureBody, protocolErrorOf } from '../realtime/failures.ts';
import { logLines } from '../realtime/log-lines.ts';
import type { PublishContext } from './operation.ts';

type Origin = Pick<PublishContext, 'ports' | 'requestId'>;

export function refusalOf(error: unknown, { ports, requestId }: Origin): FailureBody {
  return failureBody(
    protocolErrorOf(error, { log: ports.log, message: logLines.operationFailed, requestId }),
  );
}
