/** The map of `examples/map` in a real browser: two pages, one of which comes late and is cut off for a while. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';

describe.skipIf(isBrowserMissing)('the map', () => {
  const pages = usePages();

  async function open() {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    await page.goto(new URL('/examples/map/', pages.runtime.urls.console).href);
    await page.getByText('200 vehicles', { exact: true }).waitFor();
    return { page, network };
  }

  /** The number of the message that is drawn, and the place of each vehicle after it. */
  async function drawnOn(page: Page): Promise<{ message: number; places: readonly string[] }> {
    const [message = '', ...places] = ((await page.locator('pre').textContent()) ?? '').split('\n');
    return { message: Number(message.replace('Message ', '')), places };
  }

  /** Waits for a message or a later one, because a busy page may draw several at once. */
  async function hasDrawn(page: Page, message: number): Promise<void> {
    const numbers = Array.from({ length: 1_000 }, (_, index) => message + index);
    await page
      .locator('pre', { hasText: new RegExp(`Message (${numbers.join('|')})\\b`) })
      .waitFor({ state: 'attached' });
  }

  /** The vehicles never stop, so the places are compared when both pages have drawn the same message. */
  async function drawnOnBoth(one: Page, other: Page) {
    for (;;) {
      const [first, second] = await Promise.all([drawnOn(one), drawnOn(other)]);
      if (first.message === second.message) return [first.places, second.places] as const;
    }
  }

  it('shows all 200 vehicles to a late page at once, and after a cut the same places as on a page that was never cut off', async () => {
    const whole = await open();
    const { message: first } = await drawnOn(whole.page);
    await hasDrawn(whole.page, first + 2);
    const late = await open();
    const [wholePlaces, latePlaces] = await drawnOnBoth(whole.page, late.page);
    expect(latePlaces).toHaveLength(200);
    expect(latePlaces).toEqual(wholePlaces);

    await late.network.cut();
    await late.page.getByRole('status').getByText('connecting').waitFor();
    // What came before the cut is drawn in the next frame.
    await late.page.evaluate('new Promise(requestAnimationFrame)');
    const { message: last, places } = await drawnOn(late.page);
    await hasDrawn(whole.page, last + 3);
    expect((await drawnOn(late.page)).places).toEqual(places);
    await late.network.mend();

    await hasDrawn(late.page, last + 3);
    const [wholeAfter, lateAfter] = await drawnOnBoth(whole.page, late.page);
    expect(lateAfter).toEqual(wholeAfter);
    expect(lateAfter).not.toEqual(places);
    await screenshot(whole.page, 'example-map');
  });
});
