/** The network of a page, which a test can cut: sockets close without the page's doing, and no new one opens. */

import type { Page, WebSocketRoute } from 'playwright-core';

export interface PageNetwork {
  /** How many sockets the page has opened. */
  readonly opened: () => number;
  cut(): Promise<void>;
  /** As browsers do, the page is told that it is online again. */
  mend(): Promise<void>;
}

/** Has to be called before the page is loaded. */
export async function cuttable(page: Page): Promise<PageNetwork> {
  const ends = new Set<WebSocketRoute>();
  let isCut = false;
  let opened = 0;
  await page.routeWebSocket('**', async (socket) => {
    if (isCut) return socket.close();
    opened += 1;
    ends.add(socket);
    ends.add(socket.connectToServer());
  });
  return {
    opened: () => opened,
    async cut() {
      isCut = true;
      for (const end of ends) await end.close();
      ends.clear();
    },
    async mend() {
      isCut = false;
      await page.evaluate('dispatchEvent(new Event("online"))');
    },
  };
}
