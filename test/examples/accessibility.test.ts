/** Each example for everyone: contrast, names, headings, targets and the order of the focus, on a desktop and a phone, light and dark. */

import { describe, expect, it } from 'vitest';
import { examples } from '../../bin/examples/examples.ts';
import { isBrowserMissing } from '../browser.ts';
import { findingsOf } from '../console/accessibility.ts';
import { desktop, usePages } from '../console/pages.ts';

describe.skipIf(isBrowserMissing)('the page of an example', () => {
  const pages = usePages();

  it('is there to be checked', () => {
    expect(examples().length).toBeGreaterThan(0);
  });

  it('has no fault of access, and neither has the list of them', async () => {
    const page = await pages.blank(desktop);
    await page.goto(new URL('/examples/', pages.runtime.urls.console).href);

    expect((await findingsOf(page)).faults).toEqual([]);
  });

  it.each(examples())('has no fault of access: $name', async ({ name, panes }) => {
    const page = await pages.blank(desktop);
    await page.goto(new URL(`/examples/${name}/${panes[0]?.query}`, pages.runtime.urls.console).href);
    await page.getByRole('heading', { level: 1 }).waitFor();

    const { faults, passed } = await findingsOf(page);

    expect(faults).toEqual([]);
    expect([...passed]).toEqual(
      expect.arrayContaining(['color-contrast', 'html-has-lang', 'document-title']),
    );
  });
});
