/** The use cases of the tour in a real browser: cards with live miniatures, and an example as two people. */

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { examples } from '../../bin/examples/examples.ts';
import { isBrowserMissing } from '../browser.ts';
import { holdSockets } from './held-sockets.ts';
import { desktop, usePages } from './pages.ts';
import { screenshot } from './screenshot.ts';
import { connected, field } from './tour-page.ts';

const permissions = ['clipboard-read', 'clipboard-write'];
const withClipboard = { ...desktop, permissions };

const RAW_SOCKET = "new WebSocket('ws://' + location.host + '/local')";

const LIST = "fetch('/examples/examples.json').then(({ status }) => status)";

/** The code with which a socket closes, and its state then. */
const endOf = (socket: string) =>
  `new Promise((resolve) => { ${socket}.onclose = ({ code }) => resolve([code, ${socket}.readyState]); })`;

describe.skipIf(isBrowserMissing)('the use cases', () => {
  const pages = usePages();

  const open = (channel: string, options = desktop) =>
    pages.open(`tour.html#channel=open:${channel}`, options);

  const cards = (page: Page) =>
    page
      .getByRole('list')
      .filter({ has: page.locator('.card') })
      .locator('.card');
  const live = (page: Page, title: string) =>
    cards(page)
      .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
      .locator('[data-state="live"]');
  const showcase = (page: Page) => page.getByRole('dialog');
  const pane = (page: Page, name: string) => showcase(page).getByRole('region', { name: `Pane of ${name}` });
  const inside = (page: Page, name: string) => page.frameLocator(`iframe[title="The page of ${name}"]`);

  /** Presses in the pane and waits for what it says then. */
  async function press(page: Page, button: string, name: string): Promise<void> {
    await pane(page, name).getByRole('button', { name: button }).click();
  }

  async function write(page: Page, name: string, text: string): Promise<void> {
    await inside(page, name).getByRole('textbox', { name: 'Message' }).fill(text);
    await inside(page, name).getByRole('textbox', { name: 'Message' }).press('Enter');
    await inside(page, name).locator('[data-status="sent"]').getByText(text, { exact: true }).waitFor();
  }

  async function bothConnected(page: Page, names: readonly string[]): Promise<void> {
    for (const name of names)
      await pane(page, name).getByRole('status').getByText('Connected', { exact: true }).waitFor();
  }

  it('are cards with the title and the line of each example, and two that lead on', async () => {
    const page = await open('cards');

    await cards(page).getByRole('heading', { name: 'Chat' }).waitFor();
    expect(await cards(page).getByRole('heading').allTextContents()).toEqual([
      ...examples().map(({ title }) => title),
      'The console',
      'The client',
    ]);
    for (const { line } of examples()) await page.getByText(line, { exact: true }).first().waitFor();
  });

  it('load no example page before the visitor turns to them, and only pages of cards in view', async () => {
    const page = await pages.blank({ viewport: { width: 390, height: 844 } });
    const loaded: string[] = [];
    page.on(
      'request',
      (request) => request.isNavigationRequest() && loaded.push(new URL(request.url()).pathname),
    );
    await page.goto(`${pages.runtime.urls.console}tour.html#channel=open:miniatures`);
    await connected(page);
    expect(loaded).toEqual(['/console/tour.html']);

    await cards(page).first().scrollIntoViewIfNeeded();
    const first = cards(page).first().locator('.miniature');
    await live(page, examples()[0]?.title ?? '').waitFor();
    const frame = first.locator('iframe');
    expect(loaded).toContain(`/examples/${examples()[0]?.name}/`);
    expect(await frame.getAttribute('inert')).toBe('');

    // Who writes above again has a quiet page below.
    await field(page, 'Ann').click();
    await frame.waitFor({ state: 'detached' });
  });

  it('become live after the clients above are connected, also if the visitor was faster', async () => {
    const page = await pages.blank(desktop);
    const held = await holdSockets(page);
    await page.goto(`${pages.runtime.urls.console}tour.html#channel=open:fast`);
    await cards(page).first().scrollIntoViewIfNeeded();
    expect(await page.locator('.miniature iframe').count()).toBe(0);
    held.release();

    await live(page, examples()[0]?.title ?? '').waitFor();
  });

  it('open as two people: what came during a cut is all there, and the bill says what it cost', async () => {
    const page = await open('showcase');
    await cards(page).getByRole('link', { name: 'Chat', exact: true }).click();
    await bothConnected(page, ['Ann', 'Ben']);
    // The test of the chat has the other room for itself.
    for (const name of ['Ann', 'Ben'])
      await inside(page, name).getByRole('button', { name: 'random' }).click();
    await write(page, 'Ann', 'Lunch at noon?');
    await inside(page, 'Ben').getByText('Lunch at noon?').waitFor();

    await press(page, 'Cut the network', 'Ben');
    await pane(page, 'Ben').getByText('Network cut').waitFor();
    for (const text of ['The new place by the station.', 'I take the table outside.', 'Are you coming?'])
      await write(page, 'Ann', text);
    await pane(page, 'Ben').getByText('Network cut, 3 missed').waitFor();
    expect(await inside(page, 'Ben').getByText('Are you coming?').count()).toBe(0);
    await press(page, 'Mend the network', 'Ben');

    const sentence = '3 messages came while this pane was cut off; all of them are here, in order.';
    await pane(page, 'Ben').getByRole('status').getByText(sentence).waitFor();
    await inside(page, 'Ben').getByText('Are you coming?').waitFor();
    await write(page, 'Ben', 'On my way.');
    await showcase(page)
      .getByText(/^You sent 5 messages and \d+ short-lived updates to 2 people: .+ cents/)
      .waitFor();
    await screenshot(page, 'tour-example');

    await showcase(page).getByRole('button', { name: 'Close' }).click();
    await page.emulateMedia({ colorScheme: 'dark' });
    await cards(page)
      .filter({ has: page.getByRole('heading', { name: 'Chat', exact: true }) })
      .scrollIntoViewIfNeeded();
    for (const { title } of examples().slice(0, 4)) await live(page, title).waitFor();
    const chat = page.frameLocator('iframe[title="Chat, live and small"]');
    await chat.getByText('connected', { exact: true }).waitFor();
    await screenshot(page, 'tour-dark');
  });

  it('lose every WebSocket in a cut pane, also of a page without the client, and their requests wait', async () => {
    const page = await open('raw');
    await cards(page).getByRole('link', { name: 'Chat', exact: true }).click();
    await bothConnected(page, ['Ann', 'Ben']);
    const frame = page.frame({ url: /\/chat\/\?user=ben&tour$/ });
    const before = await frame?.evaluate(`new Promise((resolve) => {
      globalThis.raw = ${RAW_SOCKET};
      raw.onopen = () => raw.send('{"action":"ping"}');
      raw.onmessage = ({ data }) => resolve(JSON.parse(data).event);
      globalThis.ended = ${endOf('raw')};
    })`);

    await press(page, 'Cut the network', 'Ben');
    expect([before, await frame?.evaluate('ended')]).toEqual(['pong', [1006, 3]]);
    expect(await frame?.evaluate(`(() => { const raw = ${RAW_SOCKET}; return ${endOf('raw')}; })()`)).toEqual(
      [1006, 3],
    );
    const asked: string[] = [];
    page.on('request', (request) => request.frame() === frame && asked.push(new URL(request.url()).pathname));
    await frame?.evaluate(`void (globalThis.answer = ${LIST})`);
    // The tour asks later, and has its answer first.
    expect(await page.evaluate(LIST)).toBe(200);
    expect(asked).not.toContain('/examples/examples.json');
    await press(page, 'Mend the network', 'Ben');

    expect(await frame?.evaluate('answer')).toBe(200);
    await bothConnected(page, ['Ann', 'Ben']);
  });

  it('show their code with line numbers beside the panes, and copy it', async () => {
    const page = await open('code', withClipboard);
    await cards(page).getByRole('link', { name: 'Notifications', exact: true }).click();
    await bothConnected(page, ['Ann’s phone', 'Ann’s laptop']);

    await showcase(page).getByRole('button', { name: 'Code' }).click();
    const listing = showcase(page).getByRole('region', { name: 'main.tsx' });
    await listing.getByText("from 'fanfare-client';").waitFor();
    await showcase(page).getByRole('button', { name: 'server.ts' }).click();
    await showcase(page).getByRole('button', { name: 'Copy' }).click();
    await showcase(page).getByRole('button', { name: 'Copied' }).waitFor();

    const server = await readFile('examples/notifications/server.ts', 'utf8');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(server);
    await inside(page, 'Ann’s phone').getByRole('button', { name: 'Order tea' }).click();
    await inside(page, 'Ann’s laptop').getByText('3 unread').waitFor();
    await screenshot(page, 'tour-code');
  });

  it('close with Escape, the code first, also while the keyboard is in a page', async () => {
    const page = await open('escape');
    await cards(page).getByRole('link', { name: 'Chat', exact: true }).focus();
    await page.keyboard.press('Enter');
    await bothConnected(page, ['Ann', 'Ben']);
    const code = showcase(page).getByRole('button', { name: 'Code' });
    await code.focus();
    await page.keyboard.press('Enter');
    await showcase(page).getByRole('region', { name: 'main.tsx' }).waitFor();

    await page.keyboard.press('Escape');
    await showcase(page).getByRole('region', { name: 'main.tsx' }).waitFor({ state: 'hidden' });
    await inside(page, 'Ben').getByRole('textbox', { name: 'Message' }).focus();
    await page.keyboard.press('Escape');

    await showcase(page).waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Chat');
    expect(new URL(page.url()).hash).toBe('#channel=open%3Aescape');
  });

  it('have an address each, which opens them, and Back closes them', async () => {
    const page = await open('address');
    await cards(page).getByRole('link', { name: 'Notifications', exact: true }).click();
    await showcase(page).getByRole('heading', { name: 'Notifications' }).waitFor();
    const address = page.url();
    await page.goBack();
    await showcase(page).waitFor({ state: 'hidden' });

    const other = await pages.blank(desktop);
    await other.goto(address);
    await showcase(other).getByRole('heading', { name: 'Notifications' }).waitFor();
    expect(await other.title()).toContain('Notifications');
  });
});
