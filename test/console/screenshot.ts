/** The pictures of the docs, which the tests of the pages make. */

import path from 'node:path';
import type { Page } from 'playwright-core';

/** Where to keep them, for instance `docs/images`; without it they are taken and thrown away. */
const folder = process.env['SCREENSHOTS'];

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot(folder ? { path: path.join(folder, `${name}.png`) } : {});
}
