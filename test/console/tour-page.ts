/** The tour as the tests handle it: by the names that people read. */

import type { Locator, Page } from 'playwright-core';
import * as v from 'valibot';

export type Client = 'Ann' | 'Ben';

export const clients: readonly Client[] = ['Ann', 'Ben'];

export function pane(page: Page, client: Client): Locator {
  return page.getByRole('region', { name: client, exact: true });
}

const logOf = (client: Client) => `Messages that ${client} sees`;

export function log(page: Page, client: Client): Locator {
  return page.getByRole('log', { name: logOf(client) });
}

export function field(page: Page, client: Client): Locator {
  return page.getByRole('textbox', { name: `Message of ${client}` });
}

export function message(page: Page, client: Client, text: string): Locator {
  return log(page, client).locator('.message').getByText(text, { exact: true });
}

export async function write(page: Page, client: Client, text: string): Promise<void> {
  await field(page, client).fill(text);
  await field(page, client).press('Enter');
}

/** The messages of a client as `number text`, in the order of its pane: all of the same moment. */
export async function seen(page: Page, client: Client): Promise<string[]> {
  const rows = `[...document.querySelectorAll('[aria-label="${logOf(client)}"] .message')]`;
  const text = "row.querySelector('.number').textContent + ' ' + row.querySelector('.text').textContent";
  return v.parse(v.array(v.string()), await page.evaluate(`${rows}.map((row) => ${text})`));
}

export async function connected(page: Page): Promise<void> {
  for (const client of clients)
    await pane(page, client).getByRole('status').getByText('Connected', { exact: true }).waitFor();
}

export async function cut(page: Page, client: Client): Promise<void> {
  await page.getByRole('button', { name: `Cut ${client}’s network` }).click();
  await pane(page, client).getByRole('status').getByText('Network cut').waitFor();
}

export async function mend(page: Page, client: Client): Promise<void> {
  await page.getByRole('button', { name: `Mend ${client}’s network` }).click();
}
