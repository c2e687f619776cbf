/** The dashboard of `examples/dashboard` in a real browser: two pages, one of which is cut off while measurements come. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';

describe.skipIf(isBrowserMissing)('the dashboard', () => {
  const pages = usePages();

  async function open() {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    await page.goto(new URL('/examples/dashboard/', pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    await page.getByText('The same as numbers').click();
    return { page, network };
  }

  /** The points of a page by the numbers of their messages, oldest first. */
  async function pointsOf(page: Page): Promise<readonly (readonly [seq: number, point: string])[]> {
    const rows = await page.locator('tbody tr').allInnerTexts();
    return rows.toReversed().map((row) => [Number(row.split('\t')[0]), row]);
  }

  async function waitForPoint(page: Page, seq: number): Promise<void> {
    await page.getByRole('cell', { name: `${seq}`, exact: true }).waitFor();
  }

  async function newestOf(page: Page): Promise<number> {
    return (await pointsOf(page)).at(-1)?.[0] ?? Number.NaN;
  }

  it('shows the last minute on open, and after a cut the same points as a page that was never cut off', async () => {
    const whole = await open();
    await whole.page.locator('tbody tr').nth(50).waitFor();
    const cut = await open();
    await cut.page.locator('tbody tr').nth(50).waitFor();

    await cut.network.cut();
    await cut.page.getByRole('status').getByText('connecting').waitFor();
    const lastBefore = await newestOf(cut.page);
    await waitForPoint(whole.page, lastBefore + 3);
    // A point that came before the cut may have been drawn after it.
    expect(await newestOf(cut.page)).toBeLessThan(lastBefore + 3);
    await cut.network.mend();
    await waitForPoint(cut.page, lastBefore + 3);

    const [wholePoints, cutPoints] = await Promise.all([whole, cut].map(({ page }) => pointsOf(page)));
    const numbers = cutPoints?.map(([seq]) => seq) ?? [];
    const missed = [1, 2, 3].map((later) => lastBefore + later);
    expect(numbers).toEqual(expect.arrayContaining(missed));
    const [first = Number.NaN] = numbers;
    expect(numbers).toEqual(numbers.map((_, index) => first + index));
    const others = new Map(wholePoints);
    const ofBoth = cutPoints?.filter(([seq]) => others.has(seq)) ?? [];
    expect(ofBoth.map(([seq]) => seq)).toEqual(expect.arrayContaining(missed));
    expect(ofBoth.map(([seq]) => others.get(seq))).toEqual(ofBoth.map(([, point]) => point));
    await whole.page.getByText('The same as numbers').click();
    await screenshot(whole.page, 'example-dashboard');
  });
});
