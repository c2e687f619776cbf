/** The assistant of `examples/assistant` on two devices: a cut, a reload and a stop while it writes. */

import { FanfareServer } from 'fanfare-client/server';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { serverToken } from '../../bin/examples/sign-in.ts';
import { EXPLANATION } from '../../examples/assistant/model.ts';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';

describe.skipIf(isBrowserMissing)('the assistant', () => {
  const pages = usePages();

  async function open(user = 'assistant-ann') {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    await page.goto(new URL(`/examples/assistant/?user=${user}`, pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    return { page, network };
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const isReady = (page: Page) => button(page, 'Ask').waitFor();
  const turns = (page: Page) => page.getByRole('log').getByRole('listitem').allTextContents();
  const shows = (page: Page, number: number) =>
    page
      .getByRole('listitem')
      .last()
      .getByText(new RegExp(`\\b${number}\\b`))
      .waitFor();

  /** To which number the assistant has counted on this page. */
  async function countOn(page: Page): Promise<number> {
    return Number((await turns(page)).at(-1)?.trim().split(' ').at(-1));
  }

  it('writes one answer on both devices, through a cut and a reload, until one of them stops it', async () => {
    const phone = await open();
    const laptop = await open();
    await phone.page.getByRole('textbox', { name: 'Question' }).fill('How do you reach me?');
    await phone.page.keyboard.press('Enter');
    for (const { page } of [phone, laptop]) {
      await page.getByText(EXPLANATION).waitFor();
      await isReady(page);
    }
    await screenshot(phone.page, 'example-assistant');

    await button(laptop.page, 'Count until I stop you.').click();
    await shows(laptop.page, 10);
    await laptop.network.cut();
    await laptop.page.getByRole('status').getByText('connecting').waitFor();
    await shows(phone.page, 40);

    // The phone reads the answer from its first number, and the laptop from the number after its last one.
    const atCut = await countOn(laptop.page);
    await phone.page.reload();
    await shows(phone.page, atCut + 40);
    expect(await countOn(laptop.page)).toBeLessThan(atCut + 40);
    await laptop.network.mend();
    await shows(laptop.page, atCut + 60);

    await button(phone.page, 'Stop').click();
    for (const { page } of [phone, laptop]) await isReady(page);
    const last = await countOn(phone.page);
    const counted = Array.from({ length: last }, (_, index) => `${index + 1} `).join('');
    const asked = ['How do you reach me?', EXPLANATION, 'Count until I stop you.', counted];
    for (const { page } of [phone, laptop]) expect(await turns(page)).toEqual(asked);

    // The server stopped, too: what it wrote ends where the pages ended.
    await button(phone.page, 'How do you reach me?').click();
    await laptop.page.getByText(EXPLANATION).nth(1).waitFor();
    // Until the end of the answer comes, a page that is loaded is ready for a moment, and then reads the answer again.
    await isReady(laptop.page);
    await laptop.page.reload();
    await isReady(laptop.page);
    expect(await turns(laptop.page)).toEqual([...asked, 'How do you reach me?', EXPLANATION]);
  });

  it('ends an answer whose server has died when its user stops it', async () => {
    const { http, console: origin } = pages.runtime.urls;
    const server = new FanfareServer(http, { token: await serverToken('assistant', new URL(origin).origin) });
    const question = { id: 'q', role: 'user', parts: [{ type: 'text', text: 'Are you there?' }] };
    const chunks = [
      { type: 'start', messageId: 'a' },
      { type: 'text-start', id: 'a' },
      { type: 'text-delta', id: 'a', delta: 'I am' },
    ];
    await server.call('publish', {
      users: ['assistant-ben'],
      data: { chat: 'main', to: 'q', question, chunks },
    });

    const { page } = await open('assistant-ben');
    await page.getByText('I am').waitFor();
    await button(page, 'Stop').click();

    await isReady(page);
    expect(await turns(page)).toEqual(['Are you there?', 'I am']);
  });
});
