/** One browser for the test files of a worker: the first file starts it, and it ends with the worker. Each file closes its contexts. */

import type { Browser } from 'playwright-core';
import { launchBrowser, ONE_PROCESS } from './browser.ts';
import { atEndOfWorker } from './running/end-of-worker.ts';

let shared: Promise<Browser> | undefined;

export async function sharedBrowser(): Promise<Browser> {
  shared ??= start();
  return shared;
}

async function start(): Promise<Browser> {
  const browser = await launchBrowser(ONE_PROCESS);
  atEndOfWorker(() => browser.close());
  return browser;
}
