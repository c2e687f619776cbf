/** Events of the route `$default` as the gateway sends them: a frame, and its sender from the authorizer's context. */

import fc from 'fast-check';
import { contextOf } from '../../lambdas/identity/authorizer-context.ts';
import type { Grants } from '../../lambdas/identity/grants.ts';
import { frame } from './frames.ts';

const NEVER = 9_999_999_999;

/** The context that the authorizer may have passed on (EV-14). */
const callers = {
  anonymous: { principalId: 'anonymous' },
  'signed in': signedIn('ann'),
  expired: signedIn('ann', { expiresAt: 1_000_000_000 }),
  restricted: signedIn('bob', { grants: { 'chat:room*': ['subscribe'], 'live:*': ['members'] } }),
  'good for nothing': signedIn('bob', { grants: {} }),
  'oddly named': signedIn('__proto__'),
} as const;

export type CallerName = keyof typeof callers;

function signedIn(user: string, { expiresAt = NEVER, grants }: { expiresAt?: number; grants?: Grants } = {}) {
  const identity = { user, issuedAt: 1_600_000_000, expiresAt, ...(grants && { grants }) };
  return { principalId: user, ...contextOf(identity, expiresAt) };
}

const caller = fc.oneof(
  { weight: 6, arbitrary: fc.constant('anonymous' as const) },
  { weight: 1, arbitrary: fc.constant('signed in' as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('expired', 'restricted', 'good for nothing', 'oddly named'),
  },
);

/** 19 of 20 frames come from a new connection, as from a large crowd. The rest comes from one connection, which floods (EV-7). */
const connectionId = fc.oneof(
  { weight: 1, arbitrary: fc.constant('Zmxvb2RpbmcgaWQ=') },
  { weight: 19, arbitrary: fc.base64String({ minLength: 16, maxLength: 16 }) },
);

export const messageEvent = fc.record({ frame, caller, connectionId }).map((sent) => ({
  caller: sent.caller,
  event: {
    requestContext: {
      routeKey: '$default',
      messageId: 'JC1dgcvdIAMCFIA=',
      eventType: 'MESSAGE',
      extendedRequestId: 'JC1dgHAcoAMF7cQ=',
      requestId: 'JC1dgHAcoAMF7cQ=',
      requestTime: '09/Feb/2024:18:11:43 +0000',
      requestTimeEpoch: 1_707_502_303_419,
      messageDirection: 'IN',
      stage: 'prod',
      connectedAt: 1_707_502_302_419,
      identity: { sourceIp: '192.0.2.1' },
      domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
      connectionId: sent.connectionId,
      apiId: 'abc123',
      authorizer: { ...callers[sent.caller], integrationLatency: 12 },
    },
    ...(sent.frame !== undefined && { body: wellFormed(sent.frame) }),
    isBase64Encoded: false,
  },
}));

export type SentMessage = typeof messageEvent extends fc.Arbitrary<infer Sent> ? Sent : never;

/** Text that came as UTF-8 has no half characters. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString('utf8');
}
