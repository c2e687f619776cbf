/** The dashboard of `examples/dashboard` in a real browser: two pages, one of which is cut off while measurements come. */

import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';
import { recordShown } from './shown.ts';

/** The points of the table, oldest first. The page draws all rows anew with each point, so it has to be asked in one step. */
const POINTS =
  "[...document.querySelectorAll('tbody tr')].reverse().map((row) => [...row.cells].map((cell) => cell.textContent).join(' '))";

/** A point begins with the number of its message. */
const numberOf = (point: string) => Number(point.split(' ')[0]);

describe.skipIf(isBrowserMissing)('the dashboard', () => {
  const pages = usePages();

  async function open() {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    // The page keeps 60 points, and the source goes on while the test waits for something else.
    const shown = await recordShown(page, POINTS);
    await page.goto(new URL('/examples/dashboard/', pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    await page.getByText('The same as numbers').click();
    await page.locator('tbody tr').nth(50).waitFor();
    return { page, network, shown };
  }

  async function numbersOn(page: Page): Promise<readonly number[]> {
    return v.parse(v.array(v.string()), await page.evaluate(POINTS)).map(numberOf);
  }

  it('shows the last minute on open, and after a cut the same points as a page that was never cut off', async () => {
    const whole = await open();
    const cut = await open();

    await cut.network.cut();
    await cut.page.getByRole('status').getByText('connecting').waitFor();
    const last = (await numbersOn(cut.page)).at(-1) ?? Number.NaN;
    const missed = [last + 1, last + 2, last + 3];
    await whole.shown.until((point) => numberOf(point) === last + 3);
    expect((await numbersOn(cut.page)).at(-1)).toBe(last);
    await cut.network.mend();
    await cut.shown.until((point) => numberOf(point) === last + 3);

    // No number is missing, and none comes twice.
    const numbers = await numbersOn(cut.page);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? Number.NaN) + index));
    expect(cut.shown.texts.map(numberOf)).toEqual(expect.arrayContaining(missed));
    const ofWhole = new Map(whole.shown.texts.map((point) => [numberOf(point), point]));
    const ofBoth = cut.shown.texts.filter((point) => ofWhole.has(numberOf(point)));
    expect(ofBoth.map(numberOf)).toEqual(expect.arrayContaining(missed));
    expect(ofBoth).toEqual(ofBoth.map((point) => ofWhole.get(numberOf(point))));
    await whole.page.getByText('The same as numbers').click();
    await screenshot(whole.page, 'example-dashboard');
  });
});
