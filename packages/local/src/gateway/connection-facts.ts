/** The facts that all events of one connection share. They are fixed before the first event. */

import type { IncomingMessage } from 'node:http';
import type { WebSocketApiModel } from '../template/web-socket-api-model.ts';
import { newConnectionId } from '../web/ids.ts';

export interface ConnectionFacts {
  readonly connectionId: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  /** The host that the client used (EV-8). */
  readonly domainName: string;
  readonly apiId: string;
  readonly stage: string;
  readonly identity: { readonly sourceIp: string; readonly userAgent?: string };
  /** The authorizer's context from the handshake (EV-14). */
  readonly authorizer?: AuthorizerContext;
}

/** `principalId`, `integrationLatency` in milliseconds, and the context of the authorizer's result (EV-14). */
export type AuthorizerContext = Readonly<Record<string, string | number>>;

/** The facts about a new client. */
export function connectionFacts(
  { headers, socket }: IncomingMessage,
  { apiId, stageName }: Pick<WebSocketApiModel, 'apiId' | 'stageName'>,
): ConnectionFacts {
  const userAgent = headers['user-agent'];
  return {
    connectionId: newConnectionId(),
    connectedAt: Date.now(),
    domainName: headers.host ?? '',
    apiId,
    stage: stageName,
    identity: { sourceIp: socket.remoteAddress ?? '', ...(userAgent !== undefined && { userAgent }) },
  };
}
