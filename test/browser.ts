/** A headless browser that is installed on the machine; none is downloaded. */

import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The shell of Chromium comes first: without the windows and the user interface it needs a quarter less of a processor. */
const executablePath = [
  process.env['CHROME_PATH'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path));

/** No GPU and no sandbox, which containers lack, and no feature that uses the network by itself. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Pages of one context have one process, which lives as long as one of them is open: a new process for each page takes a second of a
 * processor.
 */
export const ONE_PROCESS = ['--process-per-site'];

/** Pages and frames of different sites share a process. Their origins stay what they are. */
export const ONE_PROCESS_FOR_SITES = '--disable-site-isolation-trials';

/**
 * How long a page may take for one step. Only a step that hangs takes so long, also on a slow machine that runs other tests. It is
 * shorter than the limit of a test, so that a failure names the element that the test waited for. Milliseconds.
 */
export const HANGS_MS = 300_000;

/** True on a machine without a browser; but not in CI, where a skipped suite would pass for a good one. */
export const isBrowserMissing = executablePath === undefined && !process.env['CI'];

/**
 * @param more arguments of the browser, beside those that keep it quiet.
 * @throws Error when there is no browser.
 */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  if (executablePath === undefined)
    throw new Error('There is no browser: install Chromium or set CHROME_PATH to one.');
  return chromium.launch({ executablePath, args: [...QUIET, ...more] });
}

/** In a context of its own. */
export async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(HANGS_MS);
  return page;
}
