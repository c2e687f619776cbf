/** Gateway events for tests, in the shapes of EV-1, EV-10 and EV-15. */

import { NOW } from '../memory/memory-ports.ts';

const requestContext = {
  connectionId: 'L0SM9cOFvHcCIhw=',
  requestId: 'request-1',
  requestTimeEpoch: NOW,
  connectedAt: NOW,
};

export function connectEventFixture(headers: Readonly<Record<string, string>> = {}, user?: string) {
  return {
    headers,
    requestContext: { ...requestContext, ...(user !== undefined && { authorizer: authorizerOf(user) }) },
  };
}

/** As the authorizer leaves it for a token that is good for years (EV-14). */
function authorizerOf(user: string) {
  return { principalId: user, user, issuedAt: '0', expiresAt: '9999999999' };
}

export function messageEventFixture(body?: string, user?: string) {
  return {
    requestContext: { ...requestContext, ...(user !== undefined && { authorizer: authorizerOf(user) }) },
    ...(body !== undefined && { body }),
  };
}

export function disconnectEventFixture() {
  return { requestContext };
}
