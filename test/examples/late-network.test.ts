/** Examples that begin with what a channel keeps, opened while there is no network: they show it once there is one. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { holdSockets } from '../console/held-sockets.ts';
import { usePages } from '../console/pages.ts';

/** Longer than a request of the client waits for its reply. Milliseconds. */
const NO_NETWORK_MS = 15_000;

const starts: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'dashboard/': (page) => page.locator('tbody tr').nth(50).waitFor({ state: 'attached' }),
  'map/': (page) => page.getByText('200 vehicles', { exact: true }).waitFor(),
  'assistant/?user=late-ann': (page) => page.getByRole('button', { name: 'Ask', exact: true }).waitFor(),
};

describe.skipIf(isBrowserMissing)('an example', () => {
  const pages = usePages();

  it.each(Object.entries(starts))(
    'shows what its channel keeps once there is a network: %s',
    async (path, hasBegun) => {
      const page = await pages.still();
      const held = await holdSockets(page);
      await page.goto(new URL(`/examples/${path}`, pages.runtime.urls.console).href);
      const status = page.getByRole('status');
      await status.getByText('connecting', { exact: true }).waitFor();
      await page.clock.runFor(NO_NETWORK_MS);
      await page.clock.resume();
      held.release();

      await hasBegun(page);
      expect(await status.textContent()).toBe('connected');
    },
  );
});
