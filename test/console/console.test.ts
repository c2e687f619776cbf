/** The console page in a real browser, against a whole local runtime; the screenshots of the docs are made here. */

import { FanfareServer } from 'fanfare-client/server';
import { FRAME_BYTES } from 'fanfare-protocol/limits';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { HANGS_MS, isBrowserMissing } from '../browser.ts';
import { tries } from '../running/counts.ts';
import {
  channels,
  connected,
  frames,
  messages,
  numbers,
  publish,
  rows,
  show,
  subscribe,
  subscribed,
} from './console-page.ts';
import { phone, usePages } from './pages.ts';
import { screenshot } from './screenshot.ts';

/** As `row-list.js` has it. */
const ROWS_KEPT = 10_000;

/** Messages of a crowd, 50 in each request. The backend takes two milliseconds of a processor for each. */
const CROWD = tries({ short: 1_000, long: 10_000 });

/** Fills a list of its own in the page, and returns how many rows it has two frames later, and the first and the last one. */
const OVERFULL = `(async () => {
  const { RowList } = await import('./row-list.js');
  const list = document.createElement('ol');
  document.body.append(list);
  const rows = new RowList(list);
  for (let number = 1; number <= ${ROWS_KEPT} + 5; number++) {
    const row = document.createElement('li');
    row.textContent = String(number);
    rows.add(row);
    if (number === ${ROWS_KEPT}) await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return [list.childElementCount, list.firstElementChild.textContent, list.lastElementChild.textContent];
})()`;

describe.skipIf(isBrowserMissing)('the console', () => {
  const pages = usePages();
  let page: Page;

  beforeEach(async () => {
    page = await pages.open();
  });

  async function serverToken(): Promise<string> {
    return pages.mint('operator', undefined, { audience: serverAudience('local') });
  }

  it('connects to the runtime that serves it, and subscribes, by itself', async () => {
    await subscribed(page, 'open:lobby');

    expect(await page.getByLabel('URL').inputValue()).toBe(pages.runtime.urls.websocket);
  });

  it('shows what another page publishes in the same channel', async () => {
    const other = await pages.open();
    await subscribed(page);
    await subscribed(other);

    await publish(page, 'a string');
    await publish(other, '{ "some": "JSON" }');

    await messages(other, 'a string').waitFor();
    await messages(page, '{"some":"JSON"}').waitFor();
  });

  it('shows markup in a message as text and runs nothing of it', async () => {
    const markup = '<img src=x onerror=document.title=1>';
    await subscribe(page);

    await publish(page, markup);

    await messages(page, markup).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Fanfare console');
  });

  it('refuses a message that fits into no frame, on a connection that stays open', async () => {
    await subscribe(page);

    await publish(page, 'x'.repeat(FRAME_BYTES));

    await page.getByRole('alert').filter({ hasText: 'Too large for a frame.' }).waitFor();
    await publish(page, 'short');
    await messages(page, 'short').waitFor();
  });

  it('shows a pong after a ping among the frames', async () => {
    await connected(page);
    await show(page, 'Frames');

    await page.getByRole('button', { name: 'Ping' }).click();

    await frames(page, 'Received', '"event":"pong"').waitFor();
  });

  it('says why a channel was refused', async () => {
    await subscribed(page);
    await page.getByLabel('Channel', { exact: true }).fill('chat:lobby');

    await page.getByRole('button', { name: 'Subscribe', exact: true }).click();

    await page.getByRole('alert').filter({ hasText: 'Sign in to subscribe to chat:lobby.' }).waitFor();
    expect(await channels(page).allTextContents()).toEqual(['open:lobby']);
  });

  it('shows the code with which a connection closed, and forgets its channels', async () => {
    await subscribe(page);

    await page.getByRole('button', { name: 'Disconnect' }).click();

    await page.getByRole('status').filter({ hasText: 'Disconnected' }).waitFor();
    expect(await channels(page).count()).toBe(0);
    await show(page, 'Frames');
    await frames(page, 'Note', 'Closed: 1000').waitFor();
  });

  it('resumes without a gap when the network was cut, and shows what was replayed', async () => {
    const other = await pages.open();
    await subscribe(page, 'open:cut');
    await subscribe(other, 'open:cut');
    await publish(other, 'before the cut');
    await messages(page, 'before the cut').waitFor();
    // A page behind another one draws once a second, and Playwright clicks what stands still for two frames.
    await page.bringToFront();

    await page.getByRole('button', { name: 'Cut the network' }).click();
    await messages(page, 'The connection was lost').waitFor();
    for (const text of ['missed one', 'missed two', 'missed three']) await publish(other, text);
    await messages(other, 'missed three').waitFor();
    expect(await messages(page, 'missed').count()).toBe(0);
    await page.getByRole('button', { name: 'Mend the network' }).click();

    await messages(page, 'open:cut: resumed; 3 messages were replayed, none is missing').waitFor();
    expect(await page.locator('.replayed code').allTextContents()).toEqual([
      'missed one',
      'missed two',
      'missed three',
    ]);
    expect(await numbers(page)).toEqual(await numbers(other));
    await screenshot(page, 'console-resume');
  });

  it(`keeps the last ${ROWS_KEPT} rows of a list`, async () => {
    expect(await page.evaluate(OVERFULL)).toEqual([ROWS_KEPT, '6', String(ROWS_KEPT + 5)]);
  });

  it('stays usable with thousands of messages on screen', async () => {
    const token = await serverToken();
    const server = new FanfareServer(pages.runtime.urls.http, { token });
    await subscribe(page, 'open:crowd');

    for (let batch = 0; batch < CROWD / 50; batch++) {
      const drafts = Array.from({ length: 50 }, (_, index) => ({ data: `message ${batch * 50 + index}` }));
      await server.call('publish', { channels: ['open:crowd'], messages: drafts });
    }

    await rows(page, CROWD);
    const shown = await numbers(page);
    expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
    // The list still scrolls to its beginning and takes new messages.
    await page.getByRole('list', { name: 'Messages' }).press('Home');
    await publish(page, 'one more');
    await page.locator('#messages li:last-child code').getByText('one more').waitFor();
    await rows(page, Math.min(CROWD + 1, ROWS_KEPT));
  });

  it('measures throughput and latency of its messages', async () => {
    await subscribe(page, 'open:burst');

    await page.getByRole('button', { name: 'Publish 500' }).click();

    await messages(page, '500 of 500').waitFor();
    await page.getByText('500 in all').waitFor();
    await page.getByText(/median [\d.]+ ms, p99 [\d.]+ ms/).waitFor();
    await page.getByRole('img', { name: /^Messages per second in the last minute/ }).waitFor();
    // The list still shows its end when many messages come at once.
    const belowTheView = 'messages.scrollHeight - messages.scrollTop - messages.clientHeight';
    await expect.poll(() => page.evaluate(belowTheView), { timeout: HANGS_MS }).toBeLessThan(8);
    await screenshot(page, 'console');
  });

  it('lists connections and channels with a token for servers, and says without one what is missing', async () => {
    await subscribe(page, 'open:listed');
    await show(page, 'Connections');
    await page.getByRole('tabpanel').filter({ hasText: 'Paste a token for servers' }).waitFor();

    await page.getByText('For operators', { exact: true }).click();
    await page.getByLabel('Server token').fill(await serverToken());
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('row').filter({ hasText: 'open:listed' }).waitFor();
    await show(page, 'Channels');

    await page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'open:listed' }) })
      .waitFor();
  });

  it('shows what AWS would charge, and no Lambda run for a ping', async () => {
    await subscribed(page);
    await fetch(new URL('/local-api/bill', pages.runtime.urls.http), { method: 'DELETE' });
    await page.getByRole('button', { name: 'Ping' }).click();

    await show(page, 'Bill');

    await page.getByRole('row').filter({ hasText: 'messages' }).filter({ hasText: 'ping' }).first().waitFor();
    await page.getByText(/\$0\.0+[1-9]\d* so far/).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'Lambda requests: default' }).count()).toBe(0);
  });

  it('can be used with the keyboard alone', async () => {
    await page.getByRole('tab', { name: 'Messages' }).focus();
    await page.keyboard.press('ArrowRight');

    expect(await page.getByRole('tab', { name: 'Frames' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('tabpanel', { name: 'Frames' }).isVisible()).toBe(true);
    expect(await page.getByRole('tabpanel', { name: 'Messages' }).isVisible()).toBe(false);
  });

  it('shows messages on a phone before any scrolling, in dark as well', async () => {
    const small = await pages.open('', { ...phone, colorScheme: 'dark' });
    await subscribe(small, 'open:phone');
    await publish(small, 'from a phone');
    await messages(small, 'from a phone').waitFor();
    await small.evaluate('scrollTo(0, 0)');

    const box = await messages(small, 'from a phone').boundingBox();
    expect(box && box.y + box.height).toBeLessThan(844);
    expect(await small.getByLabel('Message', { exact: true }).boundingBox()).toMatchObject({ x: 16 });
    expect(await small.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await screenshot(small, 'console-phone');
  });
});
