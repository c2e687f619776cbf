/** Sessions for tests. */

import type { Caller } from '../../lambdas/realtime/access/session.ts';
import { NOW } from '../memory/memory-ports.ts';

export function sessionFixture(more: Partial<Caller> = {}): Caller {
  return {
    connectionId: 'me=',
    user: undefined,
    connectedAt: NOW,
    receivedAt: NOW,
    requestId: 'request-1',
    ...more,
  };
}
