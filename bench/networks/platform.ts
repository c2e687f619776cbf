/**
 * Puts a device in the place of this process's platform for a while: its time of day, its steady time, its timers, and a page. So the client
 * runs on its own clock, and not on the one that an option gives it.
 */

import type { Device } from './device.ts';
import type { Page } from './situation.ts';

export async function onPlatformOf(device: Device, run: (page: Page) => Promise<void>): Promise<void> {
  const page = Object.assign(new EventTarget(), { document: { hidden: false } });
  const timers = new Map<number, () => void>();
  let lastTimer = 0;
  const restore = [
    replace(Date, 'now', () => device.date()),
    replace(performance, 'now', () => device.now()),
    replace(globalThis, 'window', page),
    replace(globalThis, 'setTimeout', (callback: () => void, ms = 0) => {
      lastTimer += 1;
      const timer = lastTimer;
      timers.set(
        timer,
        device.after(ms, () => {
          timers.delete(timer);
          callback();
        }),
      );
      return timer;
    }),
    replace(globalThis, 'clearTimeout', (timer: number) => timers.get(timer)?.()),
  ];
  try {
    await run({ show: () => void page.dispatchEvent(new Event('visibilitychange')) });
  } finally {
    for (const put of restore) put();
  }
}

/** Returns the function that puts the old value back. */
function replace(owner: object, name: string, value: unknown): () => void {
  const old = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (old) Object.defineProperty(owner, name, old);
    else Reflect.deleteProperty(owner, name);
  };
}
