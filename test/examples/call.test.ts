/** The call of `examples/call` between two pages with fake cameras: media flows, and again after a cut and a reload. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { cuttable } from './cut-network.ts';

/** Cameras that need no device, and candidates of this machine alone, which a machine without a network has as well. */
const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

describe.skipIf(isBrowserMissing)('the call', () => {
  const pages = usePages([], FAKE_DEVICES);

  async function open(user: string) {
    const page = await pages.blank({ viewport: { width: 760, height: 560 } });
    const network = await cuttable(page);
    await page.goto(new URL(`/examples/call/?user=${user}`, pages.runtime.urls.console).href);
    return { page, network };
  }

  const join = (page: Page) => page.getByRole('button', { name: 'Join the call' }).click();
  const says = (page: Page, text: string) => page.getByText(text).waitFor();

  /** The next picture of the other end that this page shows. */
  const nextFrame = (page: Page) =>
    page.evaluate(
      'new Promise((resolve) => document.querySelector("#remote").requestVideoFrameCallback((_, frame) => resolve(frame.width)))',
    );

  it('shows each of two people the other, while the signalling is cut off and after the other has come back', async () => {
    const ann = await open('call-ann');
    const ben = await open('call-ben');
    await join(ann.page);
    await says(ann.page, 'You are the first.');
    await join(ben.page);
    for (const { page } of [ann, ben]) expect(await nextFrame(page)).toBeGreaterThan(0);
    await says(ann.page, 'call-ben: connected');
    await says(ben.page, 'call-ann: connected');
    await screenshot(ann.page, 'example-call');

    // Media goes from browser to browser, so it needs no server.
    await ann.network.cut();
    await ann.page.getByRole('status').getByText('connecting').waitFor();
    for (const { page } of [ann, ben]) await nextFrame(page);

    // Ann's page cannot know that Ben's is a new end, until it is told what it has missed.
    await ben.page.reload();
    await join(ben.page);
    await says(ben.page, 'You are the first.');
    await ann.network.mend();
    await says(ben.page, 'call-ann: connected');
    for (const { page } of [ben, ann]) expect(await nextFrame(page)).toBeGreaterThan(0);
  });
});
