/** The browsers that the test files of a worker share, one for each set of arguments. They end with the worker. Each file closes its contexts. */

import type { Browser } from 'playwright-core';
import { launchBrowser, ONE_PROCESS } from './browser.ts';
import { atEndOfWorker } from './running/end-of-worker.ts';

const browsers = new Map<string, Promise<Browser>>();

/** @param more arguments of the browser. */
export async function sharedBrowser(more: readonly string[] = []): Promise<Browser> {
  const key = more.join(' ');
  const browser = browsers.get(key) ?? start(more);
  browsers.set(key, browser);
  return browser;
}

async function start(more: readonly string[]): Promise<Browser> {
  const browser = await launchBrowser([...ONE_PROCESS, ...more]);
  atEndOfWorker(() => browser.close());
  return browser;
}
