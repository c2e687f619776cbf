/** WebSockets of a page that open when a test lets them. */

import type { Page } from 'playwright-core';

export interface HeldSockets {
  /** Lets the waiting sockets through, and all later ones. */
  release(): void;
}

/** @param isHeld by the count of the sockets before. */
export async function holdSockets(
  page: Page,
  isHeld: (earlier: number) => boolean = () => true,
): Promise<HeldSockets> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let count = 0;
  await page.routeWebSocket('**', async (socket) => {
    const earlier = count;
    count += 1;
    if (isHeld(earlier)) await released;
    socket.connectToServer();
  });
  return { release };
}
