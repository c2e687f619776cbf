/** A failure as it stands in an answer. */

import { errorStatus, ProtocolError } from 'fanfare-protocol/errors';
import type { Refusal } from 'fanfare-protocol/operations';
import type { PublishContext } from './operation.ts';

type Origin = Pick<PublishContext, 'ports' | 'requestId'>;

/** Of what was not foreseen, detail goes to the log under the request id; the caller gets a code and a safe sentence. */
export function refusalOf(error: unknown, { ports, requestId }: Origin): Refusal {
  if (error instanceof ProtocolError) return onWire(error);
  const logged = error instanceof Error ? error : new Error('Something that is not an Error was thrown');
  ports.log.error('An operation failed', { error: logged, requestId });
  return onWire(new ProtocolError('internal', `Something went wrong here; request ${requestId}.`));
}

function onWire({ code, message, retryAfter }: ProtocolError): Refusal {
  return { code, status: errorStatus[code], message, ...(retryAfter !== undefined && { retryAfter }) };
}
