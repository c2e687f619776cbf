/** The map of `examples/map` in a real browser: two pages, one of which comes late and is cut off for a while. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';
import { recordShown, type Shown } from './shown.ts';

/** The number of a message, and the place of each vehicle after it; nothing before the first drawing. */
const DRAWN = "[...document.querySelectorAll('pre')].map(({ textContent }) => textContent).filter(Boolean)";

const numberOf = (drawn: string) => Number(/^Message (\d+)/.exec(drawn)?.[1]);
const placesIn = (drawn: string) => drawn.split('\n').slice(1);

describe.skipIf(isBrowserMissing)('the map', () => {
  const pages = usePages();

  async function open() {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    // The vehicles never stop.
    const shown = await recordShown(page, DRAWN);
    await page.goto(new URL('/examples/map/', pages.runtime.urls.console).href);
    await page.getByText('200 vehicles', { exact: true }).waitFor();
    await shown.until(() => true);
    return { page, network, shown };
  }

  /** The number of the message that the page shows now. */
  const newestOn = async (page: Page) => numberOf(`${await page.evaluate(DRAWN)}`);

  /** Waits for a message or a later one, because a busy page may draw several at once. */
  const hasDrawn = (shown: Shown, message: number) => shown.until((drawn) => numberOf(drawn) >= message);

  /** The places of all vehicles on both pages, after the first message from this one on that both have drawn. */
  async function placesOnBoth(one: Shown, other: Shown, from: number) {
    const isOfBoth = (drawn: string, { texts }: Shown) =>
      numberOf(drawn) >= from && texts.some((text) => numberOf(text) === numberOf(drawn));
    // Each waits for a drawing of its own page, and the later of the two sees that of the other page.
    const drawn = await Promise.race([
      one.until((text) => isOfBoth(text, other)),
      other.until((text) => isOfBoth(text, one)),
    ]);
    const on = ({ texts }: Shown) => texts.filter((text) => numberOf(text) === numberOf(drawn)).map(placesIn);
    return [on(one), on(other)] as const;
  }

  it('shows all 200 vehicles to a late page at once, and after a cut the same places as on a page that was never cut off', async () => {
    const whole = await open();
    await hasDrawn(whole.shown, (await newestOn(whole.page)) + 2);
    const late = await open();
    expect(late.shown.texts.map((drawn) => placesIn(drawn).length)).toEqual(late.shown.texts.map(() => 200));
    const [wholePlaces, latePlaces] = await placesOnBoth(whole.shown, late.shown, 0);
    expect(latePlaces).toEqual(wholePlaces);

    await late.network.cut();
    await late.page.getByRole('status').getByText('connecting').waitFor();
    // What came before the cut is drawn in the next frame.
    await late.page.evaluate('new Promise(requestAnimationFrame)');
    const last = await newestOn(late.page);
    await hasDrawn(whole.shown, last + 3);
    expect(await newestOn(late.page)).toBe(last);
    await late.network.mend();

    const [wholeAfter, lateAfter] = await placesOnBoth(whole.shown, late.shown, last + 3);
    expect(lateAfter).toEqual(wholeAfter);
    expect(lateAfter).not.toEqual(latePlaces);
    await screenshot(whole.page, 'example-map');
  });
});
