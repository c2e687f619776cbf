/** The game of `examples/game` in a real browser: two players, one of whom is cut off for a while, and what an hour of it costs. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { positionAt } from '../../examples/game/interpolation.ts';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';

const ANN = 'game-ann';
const BEN = 'game-ben';

/** The place of the star, and the stars of both players. */
const COUNTED =
  "[document.querySelector('path').getAttribute('transform'), ...[...document.querySelectorAll('[data-player] text')].map(({ textContent }) => textContent).sort()]";

describe('a disc', () => {
  const updates = [
    { at: 100, x: 0, y: 8 },
    { at: 200, x: 10, y: 8 },
    { at: 240, x: 10, y: 4 },
  ];

  it('goes straight from each update to the next one', () => {
    expect(positionAt(updates, 150)).toEqual({ x: 5, y: 8 });
    expect(positionAt(updates, 200)).toEqual({ x: 10, y: 8 });
    expect(positionAt(updates, 210)).toEqual({ x: 10, y: 7 });
  });

  it('stands still before the first update and after the last one', () => {
    expect(positionAt(updates, 99)).toEqual({ x: 0, y: 8 });
    expect(positionAt(updates, 241)).toEqual({ x: 10, y: 4 });
    expect(positionAt([], 100)).toBeUndefined();
  });
});

describe.skipIf(isBrowserMissing)('the game', () => {
  const pages = usePages();

  async function open(user: string) {
    const page = await pages.blank({ viewport: { width: 760, height: 600 } });
    const network = await cuttable(page);
    await page.goto(new URL(`/examples/game/?user=${user}`, pages.runtime.urls.console).href);
    await page.getByRole('status').getByText('connected', { exact: true }).waitFor();
    return { page, network };
  }

  /** The walls hold a disc at the x of 3 and of 97. */
  const seen = (page: Page, user: string, x = '') =>
    page.locator(`[data-player="${user}"][transform^="translate(${x}"]`).waitFor();
  const unseen = (page: Page, user: string) =>
    page.locator(`[data-player="${user}"]`).waitFor({ state: 'detached' });
  const costs = (page: Page, dollars: string) =>
    page.getByText(`An hour of this costs ${dollars} in messages`).waitFor();

  /** Holds the key until the disc is at the wall. */
  async function run(page: Page, user: string, key: string, x: string): Promise<void> {
    await page.keyboard.down(key);
    await seen(page, user, x);
    await page.keyboard.up(key);
  }

  /** Holds a finger at the right end of the field until the disc is there. */
  async function drag(page: Page): Promise<void> {
    const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('svg').boundingBox()) ?? {};
    await page.mouse.move(x + width - 2, y + height / 2);
    await page.mouse.down();
    await seen(page, BEN, '97.0 ');
    await page.mouse.up();
  }

  /**
   * Settles when both pages have counted the same stars for each player, and have the next star at the same place: the value arrives at
   * one page before the other, and without updates for two seconds a page does not draw a player.
   */
  async function haveTheSameStar(one: Page, other: Page): Promise<void> {
    for (;;) {
      const [first, second] = await Promise.all([one, other].map((page) => page.evaluate(COUNTED)));
      if (`${first}` === `${second}`) return;
    }
  }

  it('shows each player the other one, also after a cut, and what an hour of it costs', async () => {
    const ann = await open(ANN);
    const ben = await open(BEN);
    await run(ann.page, ANN, 'ArrowRight', '97.0 ');
    await seen(ben.page, ANN, '97.0 ');

    // 40 updates a second, each of which is 4 messages. Then half of that.
    for (const { page } of [ann, ben]) await costs(page, '$0.576');
    for (const { page } of [ann, ben]) await page.getByRole('checkbox').check();
    for (const { page } of [ann, ben]) await costs(page, '$0.288');
    await ann.page.getByText(/counted \$0\.\d*[1-9]/).waitFor();

    await ben.network.cut();
    await unseen(ann.page, BEN);
    await unseen(ben.page, ANN);
    await run(ann.page, ANN, 'ArrowLeft', '3.0 ');
    await ben.network.mend();

    await seen(ben.page, ANN, '3.0 ');
    await drag(ben.page);
    await seen(ann.page, BEN, '97.0 ');
    await haveTheSameStar(ann.page, ben.page);
    for (const { page } of [ann, ben]) await page.getByRole('checkbox').uncheck();
    await costs(ann.page, '$0.576');
    await screenshot(ann.page, 'example-game');
  });
});
