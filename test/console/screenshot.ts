/** The pictures of the docs, which the tests of the pages make. */

import path from 'node:path';
import type { Page } from 'playwright-core';

/** Where to keep them, for instance `docs/images`. Without it no picture is taken. */
const folder = process.env['SCREENSHOTS'];

export async function screenshot(page: Page, name: string): Promise<void> {
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
