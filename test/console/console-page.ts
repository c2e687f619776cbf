/** The console page as the tests handle it: by the names that people read. */

import type { Locator, Page } from 'playwright-core';

/** The page connects by itself. */
export async function connected(page: Page): Promise<void> {
  await page.getByRole('status').getByText('Connected', { exact: true }).waitFor();
}

export async function subscribe(page: Page, channel = 'open:lobby'): Promise<void> {
  await page.getByLabel('Channel', { exact: true }).fill(channel);
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await subscribed(page, channel);
}

export async function subscribed(page: Page, channel = 'open:lobby'): Promise<void> {
  await channels(page).getByText(channel, { exact: true }).waitFor();
}

export async function publish(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByLabel('Message', { exact: true }).press('Enter');
}

export function channels(page: Page): Locator {
  return page.getByRole('list', { name: 'Subscribed channels' }).getByRole('listitem');
}

export function messages(page: Page, hasText = ''): Locator {
  return page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText });
}

/**
 * Waits until there are `count` messages. By a selector, because roles of thousands of rows take seconds to tell, and not by a
 * function, which the page's security policy does not let Playwright evaluate.
 */
export async function rows(page: Page, count: number): Promise<void> {
  await page.locator(`#messages li:nth-child(${count}):last-child`).waitFor({ state: 'attached' });
}

/** The numbers of the messages, in the order in which they are shown. */
export async function numbers(page: Page): Promise<number[]> {
  return (await page.locator('#messages .seq').allTextContents()).map(Number);
}

export async function show(page: Page, tab: string): Promise<void> {
  await page.getByRole('tab', { name: tab }).click();
}

export function frames(page: Page, direction: 'Sent' | 'Received' | 'Note', hasText = ''): Locator {
  const sign = page.getByRole('img', { name: direction, exact: true });
  return page.getByRole('list', { name: 'Frames' }).getByRole('listitem').filter({ has: sign, hasText });
}
