/** A limit to waiting. */

import type { Clock } from '../../platform/clock.ts';
import { SILENT, SocketEnd } from './socket-end.ts';

/** @throws SocketEnd when it takes longer, and whatever the promise rejects with. */
export function within<Value>(clock: Clock, ms: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new SocketEnd(SILENT)));
    promise.finally(cancel).then(resolve, reject);
  });
}
