/** A store whose methods take the time of a request. */

import type { VirtualClock } from '../../simulator/virtual-clock.ts';

/** @param ms draws the milliseconds of a request. */
export function delayed<Store extends object>(clock: VirtualClock, ms: () => number, store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        await clock.pause(ms());
        return Reflect.apply(method, target, given);
      };
    },
  });
}
