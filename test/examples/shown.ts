/** Everything that a page has shown: a page draws on while a test reads it, and takes back what it has shown. */

import type { Page } from 'playwright-core';
import { HANGS_MS } from '../browser.ts';

export interface Shown {
  /** Each text once, in the order in which the page first showed them. */
  readonly texts: readonly string[];
  /** Settles with the first text, of the past or the future, that fits. */
  until(fits: (text: string) => boolean): Promise<string>;
}

/** Runs in the page, and reports each new text after the task that showed it: a page may take it back in the next one. */
const watch = (report: string, read: string) => `{
  const known = new Set();
  const look = () => {
    for (const text of ${read}) {
      if (known.has(text)) continue;
      known.add(text);
      void ${report}(text);
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}`;

let records = 0;

/**
 * Has to be called before the page is loaded.
 *
 * @param read an expression for the page: the texts that it shows now, in their order.
 */
export async function recordShown(page: Page, read: string): Promise<Shown> {
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  records += 1;
  const report = `reportShown${records}`;
  await page.exposeFunction(report, (text: string) => {
    texts.push(text);
    for (const look of waiting) look();
  });
  await page.addInitScript({ content: watch(report, read) });
  return {
    texts,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const hang = () => reject(new Error(`The page shows something else: ${texts.at(-1)}`));
        const hangs = setTimeout(hang, HANGS_MS).unref();
        const look = () => {
          const text = texts.find(fits);
          if (text === undefined) return;
          clearTimeout(hangs);
          waiting.delete(look);
          resolve(text);
        };
        waiting.add(look);
        look();
      }),
  };
}
