/** The sentences of the pages when a handshake fails: the reason if the local runtime gives it, else the possible reasons. */

import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isBrowserMissing } from '../browser.ts';
import { cuttablePort } from '../examples/cut-port.ts';
import { startRuntime } from '../runtime.ts';
import { connected, messages, publish, subscribed } from './console-page.ts';
import { stopClock, usePages } from './pages.ts';
import { serveSite } from './served-site.ts';
import { clients, field, message, pane, seen, write } from './tour-page.ts';

interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly time?: number;
}

const HOUR = 3_600_000;

/** The longest that the client waits before it tries again. After 35 s it would give up an attempt that has no answer yet. */
const LONGEST_DELAY = 30_000;

/**
 * Answers as the local runtime does: it lists why it refused handshakes, and its `Date` header has the time of the server. A page
 * whose clock stands still, or that a test has moved, has another time.
 */
async function tellRefusals(page: Page, refusals: readonly Refusal[]): Promise<void> {
  await page.route('**/refusals.json', (route) =>
    route.fulfill({
      headers: { Date: new Date().toUTCString() },
      json: refusals.map((refusal) => ({ time: Date.now(), ...refusal })),
    }),
  );
}

/** How often the page has tried to connect so far. */
function countSockets(page: Page): () => number {
  let count = 0;
  page.on('websocket', () => {
    count += 1;
  });
  return () => count;
}

/** Chromium says so in the log of the page, which handles it. A request may be under way when the server closes its sockets. */
const UNREACHABLE =
  /^Failed to load resource: net::ERR_(?:CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)$/;
const NO_BILL = /^Failed to load resource: the server responded with a status of 404/;

const portOf = (url: string) => Number(new URL(url).port);

const says = (page: Page, sentence: string) =>
  page.getByRole('alert').filter({ hasText: sentence }).waitFor();

describe.skipIf(isBrowserMissing)('a refused handshake', () => {
  const pages = usePages([UNREACHABLE, NO_BILL]);

  async function expiredToken(): Promise<string> {
    const hourAgo = Math.floor((Date.now() - HOUR) / 1_000);
    return pages.mint('visitor', undefined, { issuedAt: hourAgo - 60, expiresAt: hourAgo });
  }

  async function enterToken(page: Page, token: string): Promise<void> {
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByLabel('Token', { exact: true }).press('Enter');
  }

  it('is shown with its reason and with what to do, and is not tried again with the same token', async () => {
    const page = await pages.still();
    const sockets = countSockets(page);
    await tellRefusals(page, [{ status: 401, reason: 'The token has expired.' }]);
    await page.goto(pages.runtime.urls.console);
    await subscribed(page);

    await enterToken(page, await expiredToken());

    await says(
      page,
      'The server refused the handshake with 401: The token has expired. Enter another token, or none',
    );
    await page.getByRole('status').getByText('Disconnected', { exact: true }).waitFor();
    await page.clock.runFor(HOUR);

    // One handshake without a token, and one with it.
    expect(sockets()).toBe(2);
  });

  it('is explained by the runtime itself, and forgotten with the next token', async () => {
    const page = await pages.blank();
    await page.goto(pages.runtime.urls.console);
    await subscribed(page);
    await enterToken(page, await expiredToken());
    await says(page, 'The server refused the handshake with 401: The token');

    await enterToken(page, await pages.mint('visitor'));

    await connected(page);
    expect(await page.getByRole('alert').textContent()).toBe('');
  });

  it('also answers a message that is published on a page that it has stopped', async () => {
    const page = await pages.still();
    await tellRefusals(page, [{ status: 401, reason: 'The token has expired.' }]);
    await page.goto(pages.runtime.urls.console);
    await subscribed(page);
    await enterToken(page, await expiredToken());
    await page.getByRole('status').getByText('Disconnected', { exact: true }).waitFor();

    await publish(page, 'with a token that was refused');

    await says(page, 'Not published. The server refused the handshake with 401: The token has expired.');
  });

  it('is tried again when it may pass later, while the page shows its reason', async () => {
    const page = await pages.still();
    const site = await serveSite('local');
    await tellRefusals(page, [{ status: 500, reason: 'The function connect failed.' }]);
    await page.goto(site.url);

    await says(page, 'The server refused the handshake with 500: The function connect failed.');
    await page
      .getByRole('status')
      .getByText(/^Reconnecting in/)
      .waitFor();
    expect(site.handshakes()).toBe(1);
    const again = page.waitForEvent('websocket');
    await page.clock.runFor(LONGEST_DELAY);
    await again;
    await says(page, 'The server refused the handshake with 500: The function connect failed.');
  });

  it('takes no reason of another handshake for its own', async () => {
    const page = await pages.still();
    const site = await serveSite('local');
    await tellRefusals(page, [{ status: 401, reason: 'The token has expired.', time: Date.now() - HOUR }]);
    await page.goto(site.url);

    await says(page, 'The connection failed before the server could say why. The page tries again.');
  });

  it('is not blamed on the token when the runtime has ended', async () => {
    const page = await pages.still();
    const site = await serveSite('local');
    await page.goto(site.url);
    await says(page, 'The handshake failed, and browsers hide why.');
    await site.close();

    await page.clock.runFor(LONGEST_DELAY);

    await says(page, 'The local runtime does not answer. Start it again with “npm start”');
  });

  it('is hidden by browsers on a page of a web server, which says so and names possible reasons', async () => {
    const page = await pages.still();
    const sockets = countSockets(page);
    await page.goto((await serveSite('deployed')).url);
    expect([sockets(), await page.getByLabel('URL').inputValue()]).toEqual([0, '']);
    await page.getByLabel('URL').fill(pages.runtime.urls.websocket);

    await enterToken(page, await expiredToken());

    await says(page, 'The handshake failed, and browsers hide why. It may be the token (expired, revoked,');
    await page
      .getByRole('status')
      .getByText(/^Reconnecting in [\d.]+ s$/)
      .waitFor();
  });

  it('lets a page of a web server connect once its token is good', async () => {
    const page = await pages.blank();
    await page.goto((await serveSite('deployed')).url);
    await page.getByLabel('URL').fill(pages.runtime.urls.websocket);

    await publish(page, 'from elsewhere');

    await connected(page);
    await page.getByRole('button', { name: 'Subscribe to open:lobby' }).click();
    await subscribed(page);
    await publish(page, 'again');
    await messages(page, 'again').waitFor();
  });

  it('is shown in both panes of the tour, and Enter tries again', async () => {
    const page = await pages.still();
    const site = await serveSite('local');
    await tellRefusals(page, [{ status: 403, reason: 'The origin is not allowed.' }]);
    await page.goto(`${site.url}tour.html`);
    const sentence = 'The server refused the handshake with 403: The origin is not allowed.';
    for (const client of clients)
      await pane(page, client).getByRole('alert').filter({ hasText: sentence }).waitFor();
    expect(site.handshakes()).toBe(clients.length);

    await write(page, 'Ann', 'try again');

    await pane(page, 'Ann')
      .getByRole('alert')
      .filter({ hasText: `Not sent. ${sentence}` })
      .waitFor();
    expect(site.handshakes()).toBe(clients.length + 1);
    expect(await field(page, 'Ann').inputValue()).toBe('try again');
  });

  it('ends when the runtime is started anew, and messages that were written meanwhile arrive', async () => {
    const page = await pages.withClock();
    const first = await startRuntime();
    // The page finds both at one port. Another program could take the port of the first one before the second one has it.
    const door = await cuttablePort(portOf(first.urls.http));
    onTestFinished(() => door.close());
    await page.goto(`http://localhost:${door.port}/console/tour.html`);
    await write(page, 'Ann', 'before');
    await message(page, 'Ben', 'before').waitFor();

    await stopClock(page);
    await first.close();
    for (const client of clients)
      await pane(page, client).getByRole('status').getByText('Reconnecting in').waitFor();
    await page.clock.runFor(LONGEST_DELAY);
    for (const client of clients)
      await pane(page, client).getByRole('alert').getByText('The local runtime does not answer.').waitFor();
    await write(page, 'Ann', 'meanwhile');
    const second = await startRuntime();
    door.leadTo(portOf(second.urls.http));
    onTestFinished(() => second.close());
    await page.clock.resume();
    // The client tries again at once, instead of after its delay.
    await page.evaluate("dispatchEvent(new Event('online'))");

    for (const client of clients) await message(page, client, 'meanwhile').waitFor();
    for (const client of clients)
      expect(await seen(page, client)).toEqual([
        expect.stringContaining('before'),
        expect.stringContaining('meanwhile'),
      ]);
    expect(await page.getByText('Numbers begin anew.').count()).toBe(2);
  });

  it('does not occur on a tour of a web server, which leads to the console', async () => {
    const page = await pages.blank();
    await page.goto(`${(await serveSite('deployed')).url}tour.html`);

    await page.getByText('This tour talks to the local runtime: start it with “npm start”').waitFor();
    await page.getByRole('link', { name: 'the console', exact: true }).waitFor();
  });
});
