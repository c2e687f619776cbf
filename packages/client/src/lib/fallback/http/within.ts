/** A time limit for a promise. */

import type { Clock } from '../../platform/clock.ts';
import { SILENT, SocketEnd } from './socket-end.ts';

/** @throws SocketEnd if the promise takes longer than `ms` milliseconds, and what the promise rejects with. */
export function within<Value>(clock: Clock, ms: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new SocketEnd(SILENT)));
    promise.finally(cancel).then(resolve, reject);
  });
}
