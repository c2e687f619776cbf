/** Gateway events for tests, in the shapes of EV-1, EV-10 and EV-15. */

import { NOW } from '../memory/memory-ports.ts';

const requestContext = {
  connectionId: 'L0SM9cOFvHcCIhw=',
  requestId: 'request-1',
  connectedAt: NOW,
};

export function connectEventFixture(headers: Readonly<Record<string, string>> = {}) {
  return { headers, requestContext };
}

export function messageEventFixture(body?: string, principalId?: string) {
  return {
    requestContext: { ...requestContext, ...(principalId !== undefined && { authorizer: { principalId } }) },
    ...(body !== undefined && { body }),
  };
}

export function disconnectEventFixture() {
  return { requestContext };
}
