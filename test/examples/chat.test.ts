/** The chat of `examples/chat` in a real browser: two people, a cut network, and nothing missing or doubled. */

import { connect } from 'fanfare-client';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';
import { recordShown } from './shown.ts';

const ROOM = 'general';
const CHANNEL = `chat:${ROOM}`;

/** The line that says who types, which is empty again when they are silent for three seconds. */
const TYPISTS = "[...document.querySelectorAll('.quiet')].map(({ textContent }) => textContent)";

describe.skipIf(isBrowserMissing)('the chat', () => {
  const pages = usePages();

  async function open(user: string) {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    const typists = await recordShown(page, TYPISTS);
    await page.goto(new URL(`/examples/chat/?user=${user}`, pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    return { page, network, typists };
  }

  /** What was said before anyone opened the page. */
  async function said(texts: readonly string[]): Promise<void> {
    const token = await pages.mint('chat-cid');
    const connection = connect(pages.runtime.urls.websocket, { token, webSocket: WebSocket });
    await Promise.all(texts.map((text) => connection.channel(CHANNEL).publish(text)));
    connection.close();
  }

  const rows = (page: Page) => page.getByRole('log').getByRole('listitem');
  const sent = (page: Page, text: string) =>
    page.locator('[data-status="sent"]').getByText(text, { exact: true }).waitFor();
  const texts = (page: Page) => rows(page).locator('span').allTextContents();
  const here = (page: Page, names: string) => page.getByText(`Here: ${names}`, { exact: true }).waitFor();

  async function write(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
  }

  it('shows two people the same messages, also those that were said while one of them was cut off', async () => {
    const earlier = Array.from({ length: 60 }, (_, index) => `earlier ${index + 1}`);
    await said(earlier);
    const ann = await open('ann');
    const ben = await open('ben');

    // The last 50, and the others when they are asked for.
    // Behind the newest one, which may come live, so wait for the oldest of the page.
    await sent(ben.page, 'earlier 11');
    expect(await texts(ben.page)).toEqual(earlier.slice(10));
    await ben.page.getByRole('button', { name: 'Older messages' }).click();
    await sent(ben.page, 'earlier 1');
    expect(await texts(ben.page)).toEqual(earlier);

    for (const { page } of [ann, ben]) await here(page, 'ann, ben');
    await ben.page.getByRole('textbox', { name: 'Message' }).fill('Hel');
    await ann.typists.until((text) => text === 'ben typing …');
    await write(ben.page, 'Hello, Ann!');
    await sent(ann.page, 'Hello, Ann!');
    await ann.page.getByText('ben typing …').waitFor({ state: 'detached' });

    // Each page has one socket, although StrictMode mounts twice.
    expect([ann.network.opened(), ben.network.opened()]).toEqual([1, 1]);
    await ben.network.cut();
    await ben.page.getByRole('status').getByText('connecting').waitFor();
    for (const text of ['Ben?', 'Are you there?']) await write(ann.page, text);
    await sent(ann.page, 'Are you there?');
    await write(ben.page, 'In a tunnel.');
    await ben.page.locator('[data-status="sending"]').getByText('In a tunnel.').waitFor();
    await ben.network.mend();

    for (const { page } of [ann, ben]) await sent(page, 'In a tunnel.');
    const after = ['Hello, Ann!', 'Ben?', 'Are you there?', 'In a tunnel.'];
    expect(await texts(ben.page)).toEqual([...earlier, ...after]);
    expect((await texts(ann.page)).slice(-4)).toEqual(after);
    await screenshot(ann.page, 'example-chat');

    await ann.page.getByRole('button', { name: 'random' }).click();
    await write(ann.page, 'For this room only.');
    await sent(ann.page, 'For this room only.');
    await ann.page.getByRole('button', { name: ROOM }).click();
    await write(ann.page, 'And for this one.');
    await sent(ben.page, 'And for this one.');
    expect(await texts(ben.page)).not.toContain('For this room only.');
  });
});
