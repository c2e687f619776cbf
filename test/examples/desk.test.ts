/** The support desk of `examples/desk`: two agents who claim one ticket, a transfer, and a customer whose network is cut. */

import { connect } from 'fanfare-client';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { mintFor } from '../tokens.ts';
import { cuttable } from './cut-network.ts';

describe.skipIf(isBrowserMissing)('the support desk', () => {
  const pages = usePages();

  async function open(user: string, as: 'customer' | 'agent') {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    await page.goto(new URL(`/examples/desk/?user=${user}&as=${as}`, pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    return { page, network, user };
  }

  /** A customer who asked before, and has closed the page. */
  async function hasAsked(user: string, subject: string): Promise<void> {
    const mint = await mintFor(pages.runtime);
    const token = await mint(user);
    const connection = connect(pages.runtime.urls.websocket, { token, webSocket: WebSocket });
    await connection.channel('chat:desk').publish({ do: 'open', subject });
    connection.close();
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const says = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();
  const tickets = (page: Page) => page.getByRole('article').getByRole('heading').allTextContents();
  const talk = (page: Page) => page.getByRole('log').locator('span').allTextContents();

  async function write(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
    await page.locator('[data-status="sent"]').getByText(text, { exact: true }).waitFor();
  }

  it('gives a ticket to exactly one of two agents who claim it at once, and the customer sees who helps', async () => {
    await hasAsked('desk-dora', 'A cup is broken');
    const customer = await open('desk-cleo', 'customer');
    const ann = await open('desk-ann', 'agent');
    const ben = await open('desk-ben', 'agent');
    await customer.page.getByRole('textbox', { name: 'What do you need?' }).fill('My order is late');
    await customer.page.keyboard.press('Enter');
    await says(customer.page, 'You are number 2 in the queue.');

    // Both claim while they are cut off, so neither can know of the other.
    for (const { page, network } of [ann, ben]) {
      const ticket = page.getByRole('listitem').filter({ hasText: 'My order is late' });
      await ticket.waitFor();
      await network.cut();
      await ticket.getByRole('button', { name: 'Take' }).click();
      await ticket.getByRole('button', { name: 'Taking …' }).waitFor();
    }
    await Promise.all([ann, ben].map(({ network }) => network.mend()));

    const helper = await customer.page.getByText(/ helps you\.$/).textContent();
    const [winner, loser] = helper?.startsWith(ann.user) ? [ann, ben] : [ben, ann];
    await says(loser.page, `${winner.user} was first.`);
    await winner.page.getByRole('article').waitFor();
    expect(await tickets(winner.page)).toEqual(['My order is late']);
    expect(await tickets(loser.page)).toEqual([]);

    await write(customer.page, 'I ordered tea a week ago.');
    await customer.network.cut();
    await customer.page.getByRole('status').getByText('connecting').waitFor();
    await says(winner.page, 'I ordered tea a week ago.');
    await write(winner.page, 'I ask the storehouse.');
    await screenshot(winner.page, 'example-desk');
    await button(winner.page, `Give to ${loser.user}`).click();
    await says(winner.page, `${loser.user} helps.`);
    await write(loser.page, 'It leaves today.');
    await says(customer.page, `${winner.user} helps you.`);
    await customer.network.mend();

    await says(customer.page, `${loser.user} helps you.`);
    await says(customer.page, 'It leaves today.');
    const said = ['I ordered tea a week ago.', 'I ask the storehouse.', 'It leaves today.'];
    for (const { page } of [customer, loser]) expect(await talk(page)).toEqual(said);
    expect(await tickets(winner.page)).toEqual([]);

    await button(loser.page, 'Close').click();
    await button(customer.page, 'Ask for help').waitFor();
  });
});
