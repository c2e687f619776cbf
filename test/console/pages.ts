/** Pages of one test file: one runtime and one browser, and after each test the question whether anything went wrong in them. */

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from '../browser.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

/** Chromium reports a refused handshake as an error of the page, although the page handles it. */
const REFUSED_HANDSHAKE = /^WebSocket connection to /;

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

export interface Pages {
  readonly runtime: Runtime;
  /** An empty page. */
  blank(options?: BrowserContextOptions): Promise<Page>;
  /**
   * A blank page whose clock stands still. The client tries again, and the page reads the bill, only when the test moves the
   * clock. On a running clock a busy machine decides how many attempts come between two lines of the test.
   */
  still(): Promise<Page>;
  /** @param file of the console's folder; the developer console without it. */
  open(file?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** From now on timers fire only when the test moves the clock, which it must have installed before the page was loaded. */
export async function stopClock(page: Page): Promise<void> {
  // Playwright stops a clock only at a time that is ahead of it.
  await page.clock.pauseAt(Number(await page.evaluate('Date.now()')) + 1_000);
}

/**
 * Starts both before the tests of the file and ends them after the last one.
 *
 * @param expected what a log may hold because a test asks for it.
 */
export function usePages(expected: readonly RegExp[] = []): Pages {
  let runtime: Runtime;
  let browser: Browser;
  const failures: unknown[] = [];
  const hosts = new Set<string>();

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await runtime?.close();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const foreign = [...hosts].filter((host) => host !== 'localhost');
    hosts.clear();
    // Scripts that throw, errors in the log (violations of the security policy among them), requests to other hosts.
    expect({ failures: failures.splice(0), foreign }).toEqual({ failures: [], foreign: [] });
  });

  async function blank(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options);
    // Shorter than the test's own limit, so that a failure names the awaited element. Long enough for a machine that runs other
    // tests.
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => failures.push(error));
    page.on('console', (message) => {
      const isExpected = [REFUSED_HANDSHAKE, ...expected].some((pattern) => pattern.test(message.text()));
      if (message.type() === 'error' && !isExpected) failures.push(message.text());
    });
    page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
    page.on('websocket', (socket) => hosts.add(new URL(socket.url()).hostname));
    return page;
  }

  return {
    get runtime() {
      return runtime;
    },
    blank,
    async still() {
      const page = await blank();
      await page.clock.install();
      await stopClock(page);
      return page;
    },
    async open(file = '', options = {}) {
      const page = await blank(options);
      await page.goto(runtime.urls.console + file);
      return page;
    },
  };
}
