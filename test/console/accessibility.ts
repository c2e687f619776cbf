/** What a page owes to people who see little, use the keyboard, or have a phone: checks that need no network. */

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { desktop, phone } from './pages.ts';

/**
 * The rules of WCAG 2.2 AA and of good practice that a program can check: contrast, names, headings, landmarks, size of targets.
 * `target-size` (24 pixels) is off by itself. Pages in frames are checked by their own tests.
 */
const RUN = `axe.run(document, { iframes: false, rules: { 'target-size': { enabled: true } } }).then(({ violations, passes }) => ({
  violations: violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, any }) =>
    target + ' ' + any.map(({ message }) => message).join(' ')).join('; ')),
  passes: passes.map(({ id }) => id),
}))`;

/** By the order of the document, each control that the Tab key reaches, with its place on the page. */
const STOPS = `[...(document.querySelector('dialog:modal') ?? document).querySelectorAll(
  'a[href], button, input, select, textarea, summary, iframe, [tabindex]')]
  .filter((element) => element.tabIndex >= 0 && !element.disabled && !element.closest('[inert]') && element.checkVisibility())
  .map((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const name = element.ariaLabel || element.textContent.trim() || element.title || element.tagName;
    return { name, left, top, right, bottom, tabIndex: element.tabIndex };
  })`;

/**
 * The areas that scroll as soon as they hold more than they show, and that the keyboard cannot scroll. axe sees such an area only once
 * it scrolls, so only once enough has arrived. Each has `tabindex="0"`, which Biome's `noNoninteractiveTabindex` would forbid.
 */
const UNREACHABLE = `[...document.body.querySelectorAll('*')]
  .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflow) && element.checkVisibility())
  .filter((element) => element.tabIndex < 0 && !element.querySelector('a[href], button, input, select, textarea, summary, [tabindex="0"]'))
  .map((element) => element.tagName.toLowerCase() + '.' + element.className + ' may scroll, and the keyboard does not reach it')`;

const WIDER_THAN_WINDOW = 'document.documentElement.scrollWidth - innerWidth';

const checked = v.object({ violations: v.array(v.string()), passes: v.array(v.string()) });

const stop = v.object({
  name: v.string(),
  left: v.number(),
  top: v.number(),
  right: v.number(),
  bottom: v.number(),
  tabIndex: v.number(),
});

type Stop = v.InferOutput<typeof stop>;

/** The four ways in which a page is looked at. Small pages are phones, in which a finger is the pointer. */
const views = [
  { size: desktop.viewport, colorScheme: 'light' },
  { size: desktop.viewport, colorScheme: 'dark' },
  { size: phone.viewport, colorScheme: 'light' },
  { size: phone.viewport, colorScheme: 'dark' },
] as const;

export interface Findings {
  /** Each is a sentence that begins with the view in which it was found. */
  readonly faults: readonly string[];
  /** The rules that have found something to check, and no fault. */
  readonly passed: ReadonlySet<string>;
}

/** In both sizes and both colour schemes, without loading the page again. */
export async function findingsOf(page: Page): Promise<Findings> {
  await page.evaluate(axe.source);
  const faults: string[] = [];
  const passed = new Set<string>();
  for (const { size, colorScheme } of views) {
    if (size) await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations, passes } = v.parse(checked, await page.evaluate(RUN));
    const wider = Number(await page.evaluate(WIDER_THAN_WINDOW));
    const found = [
      ...violations,
      ...v.parse(v.array(v.string()), await page.evaluate(UNREACHABLE)),
      ...misplaced(await stopsOf(page)),
      ...(wider > 0 ? [`the page is ${wider} pixels wider than the window`] : []),
    ];
    faults.push(...found.map((fault) => `${size?.width} ${colorScheme}: ${fault}`));
    for (const id of passes) passed.add(id);
  }
  return { faults, passed };
}

export async function stopsOf(page: Page): Promise<readonly Stop[]> {
  return v.parse(v.array(stop), await page.evaluate(STOPS));
}

/** The Tab key follows the eye: each control is below the one before, or to the right of it. */
function misplaced(stops: readonly Stop[]): readonly string[] {
  return stops.slice(1).flatMap((next, index) => {
    const last = stops[index];
    if (next.tabIndex > 0) return [`"${next.name}" has a tabindex above 0`];
    const follows = last && (next.left >= last.left || next.top >= last.bottom - 1);
    const isAbove = last && next.bottom <= last.top && next.left < last.right;
    return follows && !isAbove ? [] : [`"${next.name}" comes after "${last?.name}", but stands before it`];
  });
}
