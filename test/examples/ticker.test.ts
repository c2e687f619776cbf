/** The ticker of `examples/ticker` in a real browser, and beside it the Python client and `curl`: the same prices in the same order. */

import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { isBrowserMissing } from '../browser.ts';
import { usePages } from '../console/pages.ts';
import { screenshot } from '../console/screenshot.ts';
import { isPythonMissing, pythonWithWebsockets } from '../python.ts';
import { mintFor } from '../tokens.ts';
import { cuttable } from './cut-network.ts';
import { cuttablePort } from './cut-port.ts';
import { recordShown } from './shown.ts';

const CHANNEL = 'public:ticker-EUR';
const CLIENT = fileURLToPath(new URL('../../examples/ticker/ticker.py', import.meta.url));

/** The lines of the tape, oldest first. It keeps 100 lines of all currencies, and two come in each second. */
const TAPE = "[...document.querySelectorAll('#tape li')].reverse().map(({ textContent }) => textContent)";

const prices = v.record(v.string(), v.number());
const pushed = v.object({
  event: v.string(),
  messages: v.optional(v.array(v.object({ seq: v.number(), data: prices })), []),
});
const published = v.object({ results: v.tuple([v.object({ seq: v.number() })]) });

describe.skipIf(isBrowserMissing || isPythonMissing)('the ticker', () => {
  const pages = usePages();

  async function open() {
    const page = await pages.blank({ viewport: { width: 1200, height: 700 } });
    const network = await cuttable(page);
    const tape = await recordShown(page, TAPE);
    await page.goto(new URL('/examples/ticker/', pages.runtime.urls.console).href);
    await page.getByText('500 symbols', { exact: true }).waitFor();
    return { page, network, tape };
  }

  /** Publishes a price with `curl`. Returns the line that all followers show for it. */
  async function publish(price: number): Promise<string> {
    const mint = await mintFor(pages.runtime);
    const token = await mint('ticker-bank', undefined, { audience: serverAudience('local') });
    const body = JSON.stringify({ channels: [CHANNEL], data: { USD: price } });
    const request = ['-sS', '-H', `Authorization: Bearer ${token}`, '-d', body];
    const { stdout } = await promisify(execFile)('curl', [...request, `${pages.runtime.urls.http}/messages`]);
    const [{ seq }] = v.parse(published, JSON.parse(stdout)).results;
    return `${seq} EUR/USD ${price}`;
  }

  function curl(): Follower {
    const url = `${pages.runtime.urls.functionUrls['Fanfare-local-fallback']}?channel=${CHANNEL}`;
    return follower('curl', ['-sN', url], (line) => {
      if (!line.startsWith('data: ')) return [];
      const { event, messages } = v.parse(pushed, JSON.parse(line.slice('data: '.length)));
      const shown = messages.map(({ seq, data }) => `${seq} EUR/${Object.entries(data)[0]?.join(' ')}`);
      return event === 'subscribed' ? [event, ...shown] : shown;
    });
  }

  const frames = (page: Page) => page.getByRole('log', { name: 'Frames' }).getByRole('listitem');

  it('shows the same prices in the same order in a browser, in Python and with curl, also after a cut', async () => {
    const { page, network, tape } = await open();
    // The client's, and the plain one.
    expect(network.opened()).toBe(2);
    const { hostname, port, pathname } = new URL(pages.runtime.urls.websocket);
    const wire = await cuttablePort(Number(port));
    onTestFinished(() => wire.close());
    const url = `ws://${hostname}:${wire.port}${pathname}`;
    const python = follower(pythonWithWebsockets(), [CLIENT, url, 'EUR'], (line) => [line]);
    const stream = curl();
    // Python shows the last price at once.
    await python.until((line) => line.includes(' EUR/USD '));
    await stream.until((line) => line === 'subscribed');

    const first = await publish(2);
    for (const one of [python, stream]) await one.until((line) => line === first);
    wire.cut();
    await network.cut();
    await page.getByRole('status').getByText('connecting').waitFor();
    for (const price of [3, 4]) await publish(price);
    wire.mend();
    await network.mend();
    const last = await publish(5);

    for (const one of [python, stream]) await one.until((line) => line === last);
    expect(wire.opened()).toBeGreaterThan(1);
    await tape.until((line) => line === last);
    const between = (lines: readonly string[]) => lines.slice(lines.indexOf(first), lines.indexOf(last) + 1);
    const inBrowser = between(tape.texts.filter((line) => line.includes('EUR/')));
    expect(inBrowser.filter((line) => / [2-5]$/.test(line))).toHaveLength(4);
    expect(between(python.lines)).toEqual(inBrowser);
    expect(between(stream.lines)).toEqual(inBrowser);
  });

  it('has a plain WebSocket, on which a target is a channel', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: '{"action":"subscribe","target":"EUR"}' }).click();
    await frames(page).getByText('"code":"bad-request"').waitFor();

    await page.getByRole('button', { name: `{"action":"subscribe","channel":"${CHANNEL}"}` }).click();
    await frames(page).getByText('← {"event":"subscribed"').waitFor();
    await frames(page).getByText('← {"event":"messages"').first().waitFor();
    await screenshot(page, 'example-ticker');
  });
});

interface Follower {
  /** What it has shown, oldest first. */
  readonly lines: readonly string[];
  /** Settles with the first line, of the past or the future, that fits. */
  until(fits: (line: string) => boolean): Promise<void>;
}

/** A program that prints what it receives, until the test ends. */
function follower(
  program: string,
  args: readonly string[],
  shown: (line: string) => readonly string[],
): Follower {
  const lines: string[] = [];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(...shown(line)));
  return {
    lines,
    until: (fits) =>
      new Promise((resolve) => {
        const look = () => lines.some(fits) && resolve();
        output.on('line', look);
        look();
      }),
  };
}
