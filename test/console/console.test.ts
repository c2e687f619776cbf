/** The console page in a real browser, against a whole local runtime. */

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FRAME_BYTES } from '../../protocol/limits.ts';
import { isBrowserMissing, launchBrowser } from '../browser.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

describe.skipIf(isBrowserMissing)('the console', () => {
  let runtime: Runtime | undefined;
  let browser: Browser | undefined;
  let page: Page;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([start(), launchBrowser()]);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await runtime?.close();
  });

  beforeEach(async () => {
    page = await openConsole();
  });

  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  });

  async function openConsole(): Promise<Page> {
    if (!runtime || !browser) throw new Error('Nothing was started.');
    const opened = await browser.newPage();
    // Shorter than the test's own limit, so that a failure names what was waited for.
    opened.setDefaultTimeout(10_000);
    await opened.goto(runtime.urls.console);
    return opened;
  }

  it('proposes the URL of the runtime that serves it', async () => {
    const url = await page.getByLabel('URL').inputValue();

    expect(url).toBe(runtime?.urls.websocket);
  });

  it('shows what another page publishes in the same channel', async () => {
    const other = await openConsole();
    await subscribe(page);
    await subscribe(other);

    await publish(page, 'a string');
    await publish(other, '{ "some": "JSON" }');

    await frames(other, 'Received', '"data":"a string"').waitFor();
    await frames(page, 'Received', '"data":{"some":"JSON"}').waitFor();
  });

  it('shows markup in a message as text and runs nothing of it', async () => {
    const markup = '<img src=x onerror=document.title=1>';
    await subscribe(page);

    await publish(page, markup);

    await frames(page, 'Received', markup).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Fanfare console');
  });

  it('sends a frame of exactly 32 KB and refuses one byte more, on a connection that stays open', async () => {
    await subscribe(page);
    const envelope = await envelopeBytes(page);

    await publish(page, textOf(FRAME_BYTES - envelope));
    await frames(page, 'Received', '"event":"published"').nth(1).waitFor();
    const sentBefore = await frames(page, 'Sent').count();
    await publish(page, textOf(FRAME_BYTES - envelope + 1));
    await page
      .getByRole('alert')
      .filter({ hasText: `Not sent: the frame has ${FRAME_BYTES + 1} bytes` })
      .waitFor();

    expect(await frames(page, 'Sent').count()).toBe(sentBefore);
    await ping(page);
  });

  it('shows a pong after a ping', async () => {
    await connect(page);

    await ping(page);
  });

  it('says with which code the connection closed, and forgets its channels', async () => {
    await subscribe(page);

    await page.getByRole('button', { name: 'Disconnect' }).click();

    await page.getByRole('status').filter({ hasText: 'Disconnected: 1000' }).waitFor();
    expect(await channels(page).count()).toBe(0);
  });
});

function start(): Promise<Runtime> {
  return startRuntime({
    port: 0,
    maxEnvironments: 4,
    timers: { idleTimeoutMs: 600_000, lifetimeMs: 7_200_000 },
    onOutput: () => {},
  });
}

async function connect(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('status').getByText('Connected', { exact: true }).waitFor();
}

async function subscribe(page: Page): Promise<void> {
  await connect(page);
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await channels(page).filter({ hasText: 'open:lobby' }).waitFor();
}

async function publish(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message').fill(text);
  await page.getByLabel('Message').press('Enter');
}

async function ping(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ping' }).click();
  await frames(page, 'Received', '"event":"pong"').waitFor();
}

function channels(page: Page): Locator {
  return page.getByRole('list', { name: 'Subscribed channels' }).getByRole('listitem');
}

function frames(page: Page, direction: 'Sent' | 'Received', hasText = ''): Locator {
  const arrow = page.getByRole('img', { name: direction, exact: true });
  return page.getByRole('list', { name: 'Frames' }).getByRole('listitem').filter({ has: arrow, hasText });
}

/** What a publish costs beside its text. */
async function envelopeBytes(page: Page): Promise<number> {
  await publish(page, 'x');
  const sent = await frames(page, 'Sent', '"data":"x"').locator('code').textContent();
  return Buffer.byteLength(sent ?? '') - 1;
}

/** Half as many characters as bytes, because the limit counts bytes. */
function textOf(bytes: number): string {
  return 'é'.repeat(Math.floor(bytes / 2)) + 'x'.repeat(bytes % 2);
}
