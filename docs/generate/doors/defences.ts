/** The mechanisms that guard the doors, by the words of the table. */

import type { Defence } from './checks.ts';

export const defences = {
  token: {
    says: 'The verifier checks signature, issuer, audience and algorithm; the issuer decides which keys and algorithms are good, never the token.',
    code: ['lambdas/identity/token-verifier.ts', 'tokenVerifier'],
    test: ['attacks/held/handshakes.ts', 'a token without a signature opens nothing'],
  },
  'token end': {
    says: 'The verifier refuses a token after its `exp`, before its `nbf`, and if it was issued in the future. It allows for the clock skew.',
    code: ['lambdas/identity/token-verifier.ts', 'clockTolerance'],
    test: ['attacks/held/handshakes.ts', 'a token that has ended opens nothing'],
  },
  'command expiry': {
    says: 'After the end of the token, the server refuses every command with `token-expired`.',
    code: ['lambdas/actions/answer.ts', 'isExpired'],
    test: ['e2e/security/token-expiry.test.ts', 'ends delivery, connection and all rights'],
  },
  'delivery expiry': {
    says: 'Every post checks the end of the subscription first; after the end it closes the connection instead.',
    code: ['lambdas/realtime/delivery/post-all.ts', 'expired'],
    test: ['e2e/security/token-expiry.test.ts', 'ends delivery, connection and all rights'],
  },
  revocation: {
    says: 'The revoker stores the revocation and then closes open connections; a handshake stores the connection and then looks for a revocation. So one of the two sees the other.',
    code: ['lambdas/realtime/connections/revocation.ts', 'mayStay'],
    test: ['exploration/revocation.exploration.test.ts', ''],
  },
  'open connections': {
    says: 'A user has 100 connections at most; a socket counts until it is closed, also after the end of its token.',
    code: ['lambdas/realtime/connections/revocation.ts', 'CONNECTIONS_PER_USER'],
    test: ['e2e/security/connections-per-user.test.ts', 'one more is refused with 429'],
  },
  origins: {
    says: 'The authorizer refuses the handshake of a page unless the stage names its origin.',
    code: ['lambdas/identity/origins.ts', 'isAllowedOrigin'],
    test: ['e2e/security/origin.browser.test.ts', 'has no origin, and is refused even'],
  },
  claims: {
    says: 'One schema parses all claims, with bounds for names, channels and `info`.',
    code: ['lambdas/identity/claims.ts', 'identityOf'],
    test: ['attacks/held/handshakes.ts', 'a token whose channels are no table opens nothing'],
  },
  admission: {
    says: 'Anonymous clients get in only if a namespace allows something to `anyone`.',
    code: ['lambdas/identity/admission.ts', 'admitsAnonymous'],
    test: ['lambdas/identity/admission.test.ts', ''],
  },
  'stage throttle': {
    says: 'Each route has a rate and a burst of its own, a share of the quotas of the account.',
    code: ['lib/gateway/route-throttles.ts', ''],
    test: ['lib/routes.test.ts', ''],
  },
  'frame size': {
    says: 'The platform closes on frames over 32 KB and messages over 128 KB; over HTTP our code refuses the same.',
    code: ['lambdas/fallback/commands.ts', 'MESSAGE_BYTES'],
    test: ['attacks/held/requests.ts', 'a command over HTTP is no larger than one on a socket'],
  },
  'JSON door': {
    says: 'One reader takes every JSON text: it looks at size, depth and numbers before anything recursive sees the text.',
    code: ['packages/protocol/src/json.ts', 'readJson'],
    test: ['attacks/held/commands.ts', 'data that is nested too deep is refused'],
  },
  'connection limit': {
    says: 'A connection may send 50 commands and 1 MB a second, and cause 200 KB a second of output beyond its input.',
    code: ['lambdas/realtime/access/rate-limit.ts', 'RateLimit'],
    test: ['attacks/amplification.test.ts', ''],
  },
  policies: {
    says: 'One pure function decides: the policy of the namespace first, then the channels of the token, which only narrow it.',
    code: ['lambdas/realtime/access/permissions.ts', 'authorize'],
    test: ['lambdas/realtime/access/permissions.test.ts', ''],
  },
  'closing at the end': {
    says: 'A sweep each minute closes sockets whose token has ended, and so does the next handshake of their user.',
    code: ['lambdas/realtime/connections/expiry.ts', ''],
    test: ['attacks/expiry.test.ts', ''],
  },
  'origins and fetch site': {
    says: 'A page needs an origin that the stage names. The server recognizes a request without `Origin` from a page of another site by `Sec-Fetch-Site`, and refuses it.',
    code: ['lambdas/identity/origins.ts', 'isHiddenCrossSite'],
    test: ['attacks/http-sessions.test.ts', ''],
  },
  'session bounds': {
    says: 'A user has 100 connections, an address has 10 anonymous sessions, and a stage bounds how many of them are opened in a second.',
    code: ['lambdas/fallback/session.ts', 'openSession'],
    test: ['attacks/http-sessions.test.ts', ''],
  },
  'own session': {
    says: 'The key of a stored session includes its user, so another user cannot name it.',
    code: ['lambdas/realtime/connections/http-sessions.ts', 'sessionKeyOf'],
    test: ['attacks/held/requests.ts', 'another user does not end a session'],
  },
  'no page': {
    says: 'The API allows no cross-origin request, and the token of a server is not a cookie.',
    code: ['lib/gateway/http-api.ts', ''],
    test: ['attacks/held/requests.ts', 'a page gets no permission to read the HTTP API'],
  },
  'server token': {
    says: 'Tokens for servers have an audience of their own, and only the stage itself signs them.',
    code: ['lambdas/authorize-api.ts', 'serverAudience'],
    test: ['attacks/held/requests.ts', 'a user’s token opens no HTTP API'],
  },
  'server revocation': {
    says: 'The authorizer looks up revocations of the server at each request.',
    code: ['lambdas/authorize-api.ts', 'revokedBefore'],
    test: ['attacks/held/requests.ts', 'a server that is revoked is out'],
  },
  'server rights': {
    says: 'A token with `channels` allows operations on these channels only.',
    code: ['lambdas/operations/server-rights.ts', ''],
    test: ['attacks/held/requests.ts', 'a narrowed server token does not list connections'],
  },
  'IAM signature': {
    says: 'IAM verifies the signature (SigV4); the local runtime does the same for the keys that it knows.',
    code: ['packages/local/src/signature/verdict.ts', ''],
    test: ['attacks/held/requests.ts', 'the management API takes no unsigned request'],
  },
  'operator request': {
    says: 'The function parses its request by a schema of two fields.',
    code: ['lambdas/revoke.ts', 'request'],
    test: ['lambdas/revoke.test.ts', ''],
  },
  'least privilege': {
    says: 'Each function has a role of its own with the grants that its manifest declares; a test finds every other grant.',
    code: ['lambdas/manifest/manifest.ts', 'manifest'],
    test: ['lib/permissions.test.ts', ''],
  },
  'local guard': {
    says: 'One guard stands in front of every port of the local runtime: `Host` is this machine, `Origin` is absent or allowed, and a request that changes something is not a simple request.',
    code: ['packages/local/src/guard/guarded-server.ts', ''],
    test: ['attacks/laptop.test.ts', ''],
  },
  'local permissions': {
    says: 'On the laptop, functions may do what their roles in the template allow, and nothing else.',
    code: ['packages/local/src/permissions/permissions.ts', 'Guard'],
    test: ['e2e/missing-grant.test.ts', ''],
  },
} as const satisfies Readonly<Record<string, Defence>>;

export type DefenceName = keyof typeof defences;
