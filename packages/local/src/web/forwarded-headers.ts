/** The headers that the front of AWS writes into a request: its sender, its port, its protocol and the id of its trace (EV-1). */

import { randomBytes } from 'node:crypto';

export interface Arrival {
  readonly sourceIp: string;
  /** The host that the client used, with its port. */
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** What the client itself sent in `X-Forwarded-For`. */
  readonly forwardedFor?: string | undefined;
  /** What the client itself sent in `X-Amzn-Trace-Id`. */
  readonly traceId?: string | undefined;
}

/** Port and protocol are those of this machine, so that a function can build a URL that works here. */
export function forwardedHeaders({ sourceIp, host, receivedAt, forwardedFor, traceId }: Arrival) {
  return {
    'X-Amzn-Trace-Id': traceOf(traceId, receivedAt),
    'X-Forwarded-For': forwardedFor === undefined ? sourceIp : `${forwardedFor}, ${sourceIp}`,
    'X-Forwarded-Port': portOf(host),
    'X-Forwarded-Proto': 'http',
  };
}

/**
 * A trace that the client began goes on under its id.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
function traceOf(ofClient: string | undefined, receivedAt: number): string {
  if (ofClient?.includes('Root=')) return ofClient;
  const seconds = Math.floor(receivedAt / 1_000);
  return `Root=1-${seconds.toString(16).padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
}

/** A host may be anything that a client writes. */
function portOf(host: string): string {
  return /:(\d{1,5})$/.exec(host)?.[1] ?? '80';
}
