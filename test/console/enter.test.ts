/** Enter in the console, in every field and every state: something that one sees happens. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { channels, connected, messages, publish, subscribed } from './console-page.ts';
import { holdSockets } from './held-sockets.ts';
import { phone, usePages } from './pages.ts';

describe.skipIf(isBrowserMissing)('Enter in the console', () => {
  const pages = usePages();

  const open = (channel: string) => pages.open(`#channel=open:${channel}`);

  async function openDisconnected(channel: string): Promise<Page> {
    const page = await open(channel);
    await subscribed(page, `open:${channel}`);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('status').getByText('Disconnected', { exact: true }).waitFor();
    return page;
  }

  const says = (page: Page, sentence: string) =>
    page.getByRole('alert').filter({ hasText: sentence }).waitFor();

  const label = (page: Page, name: string) => page.getByLabel(name, { exact: true });

  it.each([undefined, phone])(
    'publishes right after the page is opened, without another step',
    async (options) => {
      const page = await pages.open('#channel=open:at-once', options);

      await publish(page, 'at once');

      await messages(page, 'at once').waitFor();
    },
  );

  it('connects first when the page is not connected, and says that it did not see its own message', async () => {
    const page = await openDisconnected('before');

    await publish(page, 'before connecting');

    await connected(page);
    await says(page, 'You are not subscribed to open:before, so you do not see it here.');
    await page.getByRole('button', { name: 'Subscribe to open:before' }).click();
    await subscribed(page, 'open:before');
    await publish(page, 'after subscribing');
    await messages(page, 'after subscribing').waitFor();
    expect(await messages(page).count()).toBe(1);
    expect(await page.getByRole('alert').textContent()).toBe('');
  });

  it('says that the message waits while the page is connecting, and publishes it then', async () => {
    const page = await pages.blank();
    const held = await holdSockets(page);
    await page.goto(`${pages.runtime.urls.console}#channel=open:while`);

    await publish(page, 'while connecting');
    await says(page, 'Not connected yet. The page connects first, and the message goes out then.');
    held.release();

    await messages(page, 'while connecting').waitFor();
  });

  it('says that the message waits while the network is cut', async () => {
    const page = await open('dark');
    await subscribed(page, 'open:dark');
    await page.getByRole('button', { name: 'Cut the network' }).click();
    await messages(page, 'The connection was lost').waitFor();

    await publish(page, 'in the dark');
    await says(page, 'The network is cut. The message goes out when you mend it.');
    await page.getByRole('button', { name: 'Mend the network' }).click();

    await messages(page, 'in the dark').waitFor();
  });

  it('publishes to a channel that is not subscribed, says so, and offers to subscribe', async () => {
    const page = await open('here');
    await subscribed(page, 'open:here');
    await label(page, 'Channel').fill('open:there');

    await publish(page, 'to nowhere');

    await says(page, 'Published to open:there as number ');
    await page.getByRole('button', { name: 'Subscribe to open:there' }).click();
    await subscribed(page, 'open:there');
    expect(await page.getByRole('alert').textContent()).toBe('');
  });

  it.each(['', '  '])('asks for a message when there is only "%s"', async (text) => {
    const page = await open('empty');

    await publish(page, text);

    await says(page, 'Type a message first.');
  });

  it.each(['Message', 'Channel'])(
    'asks for a channel when the form names no channel, in the field %s',
    async (name) => {
      const page = await open('unnamed');
      await label(page, 'Message').fill('for whom?');
      await label(page, 'Channel').fill('');

      await label(page, name).press('Enter');

      await says(page, 'Name a channel first, such as open:lobby.');
    },
  );

  it('says why a message was refused, and what to do', async () => {
    const page = await open('refused');
    await label(page, 'Channel').fill('chat:room');

    await publish(page, 'let me in');

    await says(page, 'Not published. Sign in to publish to chat:room. Enter a token and connect with it.');
  });

  it('connects and subscribes in the channel field of a page that is not connected', async () => {
    const page = await openDisconnected('again');

    await label(page, 'Channel').press('Enter');

    await subscribed(page, 'open:again');
  });

  it('says in the channel field that the channel is subscribed already', async () => {
    const page = await open('twice');
    await subscribed(page, 'open:twice');

    await label(page, 'Channel').press('Enter');

    await says(page, 'You are subscribed to open:twice already.');
  });

  it.each([
    ['', 'Enter the URL to connect to.'],
    ['localhost:8080', '“localhost:8080” is not the URL of a WebSocket. It must begin with wss:// or ws://.'],
    ['https://example.com', 'It must begin with wss:// or ws://.'],
    ['wss://', 'It must begin with wss:// or ws://.'],
  ])('says in the URL field what is wrong with "%s"', async (url, sentence) => {
    const page = await openDisconnected('wrong');
    await label(page, 'URL').fill(url);

    await label(page, 'URL').press('Enter');

    await says(page, sentence);
  });

  it('connects with the pasted token in place of the old one, to the same channels', async () => {
    const page = await open('identity');
    await subscribed(page, 'open:identity');
    await label(page, 'Token').fill(await pages.mint('enterer'));
    await page.getByRole('button', { name: 'Connect with this token' }).waitFor();

    await label(page, 'Token').press('Enter');

    await page.getByRole('button', { name: 'Disconnect', exact: true }).waitFor();
    await subscribed(page, 'open:identity');
    await publish(page, 'who am I?');
    await messages(page, 'who am I?').locator('.from').getByText('enterer').waitFor();
    expect(await channels(page).allTextContents()).toEqual(['open:identity']);
  });

  it('shows the connections in the fields for operators', async () => {
    const page = await open('operators');
    await page.getByText('For operators', { exact: true }).click();

    await label(page, 'Server token').press('Enter');

    await page.getByRole('tabpanel').filter({ hasText: 'Paste a token for servers' }).waitFor();
  });

  it('says after a ping how long the pong took', async () => {
    const page = await open('ping');
    await connected(page);

    await page.getByRole('button', { name: 'Ping' }).press('Enter');

    await page
      .getByRole('alert')
      .getByText(/^Pong after [\d.]+ ms\.$/)
      .waitFor();
  });
});
