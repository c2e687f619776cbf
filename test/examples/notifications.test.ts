/** The inbox of `examples/notifications` on two devices in a real browser, one of which is cut off for a while. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';

describe.skipIf(isBrowserMissing)('the inbox', () => {
  const pages = usePages();

  async function open() {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    await page.goto(new URL('/examples/notifications/?user=nora', pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    return { page, network };
  }

  const order = (page: Page) => page.getByRole('button', { name: 'Order tea' }).click();
  const unread = (page: Page, count: number) => page.getByText(`${count} unread`, { exact: true }).waitFor();
  const texts = (page: Page) => page.getByRole('listitem').locator('span').allTextContents();

  it('has the same notifications on both devices, and counts what is unread on all of them', async () => {
    const phone = await open();
    const laptop = await open();
    await unread(phone.page, 0);

    // The shop answers to an order with three notifications.
    await order(phone.page);
    for (const { page } of [phone, laptop]) await unread(page, 3);
    await laptop.page.getByRole('button', { name: 'Mark all as read' }).click();
    for (const { page } of [phone, laptop]) await unread(page, 0);

    await phone.network.cut();
    await phone.page.getByRole('status').getByText('connecting').waitFor();
    await order(laptop.page);
    await unread(laptop.page, 3);
    await unread(phone.page, 0);
    await phone.network.mend();

    await unread(phone.page, 3);
    const once = ['Your tea is on its way.', 'Your tea is packed.', 'Your tea is paid.'];
    for (const { page } of [phone, laptop]) expect(await texts(page)).toEqual([...once, ...once]);
    await screenshot(phone.page, 'example-notifications');
  });
});
