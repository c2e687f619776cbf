/** Pages of one test file, in the runtime and the browser of its worker, and after each test the question whether anything went wrong in them. */

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { HANGS_MS } from '../browser.ts';
import type { Runtime } from '../runtime.ts';
import { sharedBrowser } from '../shared-browser.ts';
import { type SharedRuntime, sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';

/** Chromium reports a refused handshake as an error of the page, although the page handles it. */
const REFUSED_HANDSHAKE = /^WebSocket connection to /;

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

/** Of a page for which a test wants nothing else. The object stands for the context. */
const ordinary: BrowserContextOptions = {};

export interface Pages {
  readonly runtime: Runtime;
  /** Mints tokens for the users of this file. */
  readonly mint: Mint;
  /** An empty page. Pages with the same object of options share a context. */
  blank(options?: BrowserContextOptions): Promise<Page>;
  /** A blank page whose clock a test can stop. */
  withClock(): Promise<Page>;
  /**
   * A blank page whose clock stands still. The client tries again, and the page reads the bill, only when the test moves the
   * clock. On a running clock a busy machine decides how many attempts come between two lines of the test.
   */
  still(): Promise<Page>;
  /** @param file of the console's folder; the developer console without it. */
  open(file?: string, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * Playwright stops a clock only at a time that is ahead of it, and the clock goes on between the two steps that this takes. Milliseconds.
 */
const AHEAD_MS = 60_000;

/** From now on timers fire only when the test moves the clock, which it must have installed before the page was loaded. */
export async function stopClock(page: Page): Promise<void> {
  await page.clock.pauseAt(Number(await page.evaluate('Date.now()')) + AHEAD_MS);
}

/**
 * Before the first test the stage of this worker is there, and after the last one the file has left nothing open in it.
 *
 * @param expected what a log may hold because a test asks for it.
 * @param more arguments of the browser.
 */
export function usePages(expected: readonly RegExp[] = [], more: readonly string[] = []): Pages {
  let stage: SharedRuntime;
  let browser: Browser;
  const failures: unknown[] = [];
  const hosts = new Set<string>();
  const contexts = new Map<BrowserContextOptions, Promise<BrowserContext>>();
  /** They keep the processes of the contexts, so each test opens its page in a process that has started. */
  const anchors = new Set<Page>();

  beforeAll(async () => {
    [stage, browser] = await Promise.all([sharedRuntime(), sharedBrowser(more)]);
  });

  afterAll(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  afterEach(async () => {
    const opened = browser.contexts().flatMap((context) => context.pages());
    await Promise.all(opened.filter((page) => !anchors.has(page)).map((page) => page.close()));
    const foreign = [...hosts].filter((host) => host !== 'localhost');
    hosts.clear();
    // Scripts that throw, errors in the log (violations of the security policy among them), requests to other hosts.
    expect({ failures: failures.splice(0), foreign }).toEqual({ failures: [], foreign: [] });
  });

  async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = await browser.newContext(options);
    const anchor = await context.newPage();
    anchors.add(anchor);
    await anchor.goto(new URL('icon.svg', stage.runtime.urls.console).href);
    return context;
  }

  function contextWith(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = contexts.get(options) ?? newContext(options);
    contexts.set(options, context);
    return context;
  }

  async function blank(options = ordinary): Promise<Page> {
    return watched(await (await contextWith(options)).newPage());
  }

  /** In a context of its own, because pages of one context have one clock. */
  async function withClock(): Promise<Page> {
    const page = watched(await browser.newPage());
    await page.clock.install();
    return page;
  }

  function watched(page: Page): Page {
    page.setDefaultTimeout(HANGS_MS);
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
      return stage.runtime;
    },
    get mint() {
      return stage.mint;
    },
    blank,
    withClock,
    async still() {
      const page = await withClock();
      await stopClock(page);
      return page;
    },
    async open(file = '', options = ordinary) {
      const page = await blank(options);
      await page.goto(stage.runtime.urls.console + file);
      return page;
    },
  };
}
