/** Pastes code into the console of a browser. */

import type { Browser } from 'playwright-core';
import { newPage } from '../../browser.ts';

/** Settles when it has printed this. @throws Error what the page threw. */
export async function paste(browser: Browser, url: string, code: string, prints: string): Promise<void> {
  const page = await newPage(browser);
  try {
    await page.goto(url);
    const printed = new Promise<void>((resolve, reject) => {
      page.on('console', (message) => message.text().includes(prints) && resolve());
      page.on('pageerror', reject);
    });
    const session = await page.context().newCDPSession(page);
    // As the console of the developer tools does it.
    const { exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: code,
      replMode: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    await printed;
  } finally {
    await page.close();
  }
}
