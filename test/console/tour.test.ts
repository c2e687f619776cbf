/** The tour in a real browser, as a new user sees it; its screenshots are made here. */

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { holdSockets } from './held-sockets.ts';
import { desktop, phone, usePages } from './pages.ts';
import { screenshot } from './screenshot.ts';
import { clients, connected, cut, field, log, mend, message, pane, seen, write } from './tour-page.ts';

const sizes = [
  { name: 'desktop', options: desktop },
  { name: 'phone', options: phone },
];

describe.skipIf(isBrowserMissing)('the tour', () => {
  const pages = usePages();

  /** On a channel of its own, so that no test sees what another one wrote. */
  const open = (channel: string, options = desktop) =>
    pages.open(`tour.html#channel=open:${channel}`, options);

  async function bottomOf(page: Page, client: (typeof clients)[number]): Promise<number> {
    const box = await field(page, client).boundingBox();
    return box ? box.y + box.height : Number.POSITIVE_INFINITY;
  }

  it.each(sizes)(
    'shows a message in both panes after two actions on a $name: typing, and Enter',
    async ({ options }) => {
      const page = await pages.blank(options);
      // The link that `npm start` prints.
      await page.goto(new URL('/', pages.runtime.urls.console).href);

      await page.keyboard.type('Hello');
      await page.keyboard.press('Enter');

      await message(page, 'Ann', 'Hello').waitFor();
      await message(page, 'Ben', 'Hello').waitFor();
    },
  );

  it.each(sizes)(
    'shows messages and fields of both panes on a $name before any scrolling',
    async ({ name, options }) => {
      const page = await open(`fold-${name}`, options);
      await connected(page);
      await write(page, 'Ann', 'above the fold');
      await message(page, 'Ben', 'above the fold').waitFor();

      const height = options.viewport?.height ?? 0;
      const bottoms = await Promise.all(clients.map((client) => bottomOf(page, client)));
      expect(Math.max(...bottoms)).toBeLessThanOrEqual(height);
      for (const client of clients)
        expect(await message(page, client, 'above the fold').boundingBox()).toMatchObject({
          height: expect.any(Number),
        });
      expect(await page.evaluate('[scrollY, document.documentElement.scrollWidth - innerWidth]')).toEqual([
        0, 0,
      ]);
    },
  );

  it.each(sizes)(
    'catches up on a $name after a cut: nothing is missing, nothing comes twice',
    async ({ name, options }) => {
      const page = await open(`cut-${name}`, options);
      await write(page, 'Ann', 'Hello, Ben!');
      await message(page, 'Ben', 'Hello, Ben!').waitFor();

      await cut(page, 'Ben');
      for (const text of ['Are you still there?', 'I go on writing.', 'You will get it all.'])
        await write(page, 'Ann', text);
      await pane(page, 'Ben').getByText('Network cut, 3 missed').waitFor();
      expect(await seen(page, 'Ben')).toEqual(['1 Hello, Ben!']);
      await mend(page, 'Ben');

      const note = 'Caught up: 3 messages arrived late, in order, none missing, none twice';
      await log(page, 'Ben').getByText(note).waitFor();
      await write(page, 'Ben', 'Here I am again.');
      await message(page, 'Ann', 'Here I am again.').waitFor();
      await message(page, 'Ben', 'Here I am again.').waitFor();
      const all = ['1 Hello, Ben!', '2 Are you still there?', '3 I go on writing.', '4 You will get it all.'];
      expect(await seen(page, 'Ben')).toEqual([...all, '5 Here I am again.']);
      expect(await seen(page, 'Ann')).toEqual(await seen(page, 'Ben'));
      await screenshot(page, `tour-${name}`);
    },
  );

  it('keeps the messages of a cut-off client until its network is mended', async () => {
    const page = await open('kept');
    await connected(page);
    await cut(page, 'Ann');

    await write(page, 'Ann', 'written in the dark');
    await log(page, 'Ann').getByText('waits for the network').waitFor();
    expect(await seen(page, 'Ben')).toEqual([]);
    await mend(page, 'Ann');

    await message(page, 'Ben', 'written in the dark').waitFor();
    await message(page, 'Ann', 'written in the dark').waitFor();
    await log(page, 'Ann').getByText('waits for the network').waitFor({ state: 'detached' });
    expect(await seen(page, 'Ann')).toEqual(['1 written in the dark']);
  });

  it('brings two clients that were both cut off to one order', async () => {
    const page = await open('both');
    await connected(page);
    for (const client of clients) await cut(page, client);
    await write(page, 'Ann', 'from Ann');
    await write(page, 'Ben', 'from Ben');
    for (const client of clients) await mend(page, client);

    for (const client of clients)
      for (const text of ['from Ann', 'from Ben']) await message(page, client, text).waitFor();
    expect(await seen(page, 'Ann')).toHaveLength(2);
    expect(await seen(page, 'Ben')).toEqual(await seen(page, 'Ann'));
  });

  it('says what to type when Enter is pressed in an empty field', async () => {
    const page = await open('empty');

    await field(page, 'Ben').press('Enter');

    await page.getByRole('alert').filter({ hasText: 'Type a message as Ben first.' }).waitFor();
    await connected(page);
    await write(page, 'Ben', 'not empty');
    await message(page, 'Ann', 'not empty').waitFor();
    expect(await page.getByRole('alert').allTextContents()).toEqual(['', '']);
  });

  it('shows a message that is typed before it is connected at once, and sends it then', async () => {
    const page = await pages.blank(desktop);
    const held = await holdSockets(page);
    await page.goto(`${pages.runtime.urls.console}tour.html#channel=open:early`);

    await page.keyboard.type('an early bird');
    await page.keyboard.press('Enter');
    await log(page, 'Ann').getByText('waits for the connection').waitFor();
    held.release();

    for (const client of clients) await message(page, client, 'an early bird').waitFor();
  });

  it('sends no message before both clients would see it', async () => {
    const page = await pages.blank(desktop);
    // The first socket is that of Ann.
    const held = await holdSockets(page, (earlier) => earlier === 1);
    await page.goto(`${pages.runtime.urls.console}tour.html#channel=open:slow`);
    await pane(page, 'Ann').getByRole('status').getByText('Connected', { exact: true }).waitFor();

    await write(page, 'Ann', 'for both');
    await log(page, 'Ann').getByText('on its way').waitFor();
    held.release();

    for (const client of clients) await message(page, client, 'for both').waitFor();
  });

  it('returns a message that was too large, with a sentence that says what to do', async () => {
    const page = await open('large');
    const text = 'x'.repeat(40_000);

    await write(page, 'Ann', text);

    const sentence = 'Not sent. Too large for a frame. A frame holds 32 KB: send less at once.';
    await page.getByRole('alert').getByText(sentence).waitFor();
    expect(await field(page, 'Ann').inputValue()).toBe(text);
    expect(await seen(page, 'Ann')).toEqual([]);
  });

  it('marks the step that is next', async () => {
    const page = await open('steps');
    const next = page.getByRole('list', { name: 'Steps' }).locator('[aria-current="step"]');

    await next.filter({ hasText: 'Type a message as Ann' }).waitFor();
    await write(page, 'Ann', 'one');
    await next.filter({ hasText: 'Cut Ben’s network' }).waitFor();
    await cut(page, 'Ben');
    await write(page, 'Ann', 'two');
    await next.filter({ hasText: 'Mend it.' }).waitFor();
    await mend(page, 'Ben');
    await log(page, 'Ben').getByText('Caught up: 1 message arrived late').waitFor();

    expect(await next.count()).toBe(0);
  });

  it('names the URL, and leads to the console on the same channel, to the use cases and to the docs', async () => {
    const page = await open('around');

    await page.getByText(pages.runtime.urls.websocket, { exact: true }).waitFor();
    const docs = await page.request.get(new URL('first-steps.md', page.url()).href);
    expect([docs.status(), await docs.text()]).toEqual([200, await readFile('docs/first-steps.md', 'utf8')]);
    const more = page.getByRole('navigation', { name: 'More' });
    const toUseCases = more.getByRole('link', { name: 'Use cases' });
    expect(await toUseCases.getAttribute('href')).toBe('#use-cases');
    await more.getByRole('link', { name: 'Console' }).click();

    await page.getByRole('list', { name: 'Subscribed channels' }).getByText('open:around').waitFor();
  });

  it('tells in plain words what the messages cost, in cents', async () => {
    const page = await open('bill');
    await page.getByText('The bill of what you do comes here.').waitFor();

    await write(page, 'Ann', 'What does this cost?');

    const sentence =
      /^You sent 1 message to 2 people: 0\.0*[1-9]\d? cents\. A million such minutes cost \$[\d,.]+\.$/;
    await page.getByText(sentence).waitFor();
  });

  it('shows what other programs publish in its channel, and markup as text', async () => {
    const page = await open('others');
    const console = await pages.open('#channel=open:others');
    await connected(page);

    await console.getByLabel('Message', { exact: true }).fill('<b>bold</b>');
    await console.getByLabel('Message', { exact: true }).press('Enter');
    await console.getByLabel('Message', { exact: true }).fill('{ "x": 1 }');
    await console.getByLabel('Message', { exact: true }).press('Enter');

    for (const client of clients) await message(page, client, '{"x":1}').waitFor();
    expect(await seen(page, 'Ann')).toEqual(['1 <b>bold</b>', '2 {"x":1}']);
  });
});
