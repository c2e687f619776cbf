/** The tour for everyone: contrast, names, headings, targets and the order of the focus, on a desktop and a phone, light and dark. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { findingsOf, stopsOf } from './accessibility.ts';
import { desktop, usePages } from './pages.ts';
import { connected, cut, log, mend, message, pane, write } from './tour-page.ts';

/** The rules that have something to check on the tour, so that a check which checks nothing is noticed. */
const RULES = [
  'button-name',
  'color-contrast',
  'heading-order',
  'html-has-lang',
  'label',
  'link-name',
  'region',
  'target-size',
];

const FOCUSED = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element.closest('.card') ?? element);
  const isSeen = element.tagName === 'IFRAME' || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2);
  const name = element === document.body ? 'no control' : element.ariaLabel || element.textContent.trim() || element.tagName;
  return isSeen ? name : name + ' shows no focus';
})()`;

describe.skipIf(isBrowserMissing)('the tour', () => {
  const pages = usePages();

  async function open(channel: string): Promise<Page> {
    const page = await pages.open(`tour.html#channel=open:${channel}`, desktop);
    await page.locator('.card').first().waitFor();
    return page;
  }

  it('has no fault of access, with messages of every kind on it', async () => {
    const page = await open('access');
    await connected(page);
    await write(page, 'Ann', 'Hello, Ben!');
    await message(page, 'Ben', 'Hello, Ben!').waitFor();
    await cut(page, 'Ben');
    await write(page, 'Ann', 'Are you there?');
    await pane(page, 'Ben').getByText('Network cut, 1 missed').waitFor();
    await mend(page, 'Ben');
    await log(page, 'Ben').getByText('Caught up: 1 message').waitFor();
    await cut(page, 'Ann');
    await write(page, 'Ann', 'This one waits.');
    await log(page, 'Ann').getByText('waits for the network').waitFor();

    const { faults, passed } = await findingsOf(page);

    expect(faults).toEqual([]);
    expect([...passed]).toEqual(expect.arrayContaining(RULES));
  });

  it('has no fault of access in an open example, with its code', async () => {
    const page = await open('access-example');
    await page.locator('.card').getByRole('link', { name: 'Chat', exact: true }).click();
    const cutBen = page.getByRole('button', { name: 'Cut the network of Ben' });
    await cutBen.and(page.locator(':enabled')).click();
    await page.getByRole('button', { name: 'Code' }).click();
    await page.getByRole('region', { name: 'main.tsx' }).waitFor();

    const { faults } = await findingsOf(page);

    expect(faults).toEqual([]);
  });

  it('has all its controls in reach of the Tab key, which shows where it is, in the order of the page', async () => {
    const page = await open('tabs');
    await connected(page);
    const stops = await stopsOf(page);
    const reached: unknown[] = [];
    await page.getByRole('link', { name: 'Use cases' }).focus();
    await page.keyboard.press('Shift+Tab');
    for (const _ of stops) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(FOCUSED));
    }

    expect(reached).toEqual(stops.map(({ name }) => name));
    expect(reached).toContain('Chat');
  });
});
