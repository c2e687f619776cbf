/** Broadcasts for tests. */

import type { Broadcast } from '../../../lambdas/realtime/delivery/delivery-task.ts';

export function broadcastFixture(more: Partial<Broadcast> = {}): Broadcast {
  const frame = Buffer.from('{"hello":true}').toString('base64');
  return { id: 'broadcast', channel: 'open:a', frame, to: 'everyone', postsPerSecond: 5_000, ...more };
}
