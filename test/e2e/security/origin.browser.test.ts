/** Whose pages may connect, in a real browser: it says by itself from where a page is, and no page can say otherwise. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBrowserMissing, launchBrowser, newPage, ONE_PROCESS_FOR_SITES } from '../../browser.ts';
import { EVERY_NAME_IS_HERE, type NamedSite, serveSite } from '../../named-site.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { mintFor } from '../../tokens.ts';
import { localStage } from './local-stage.ts';

const ORIGINS = ['http://app.example.com:*', 'http://*.partner.example:*'];

/** Connects with a token, pings once, and shows the events of the socket in the title of its tab. */
const page = (url: string, token: string) => `<!doctype html>
<title>starting</title>
<script>
  const heard = [];
  const socket = new WebSocket(${JSON.stringify(url)}, ${JSON.stringify([SUBPROTOCOL, token])});
  socket.onopen = () => {
    heard.push('open');
    socket.send('{"action":"ping"}');
  };
  socket.onmessage = ({ data }) => {
    heard.push(data);
    socket.close(1000);
  };
  socket.onerror = () => heard.push('error');
  socket.onclose = ({ code }) => {
    heard.push(code);
    top.postMessage(JSON.stringify(heard), '*');
  };
  addEventListener('message', ({ data }) => (document.title = data));
</script>`;

/** The same as a part of a page that does not trust it: then it is from nowhere, and its origin is `null`. */
const framed = `<!doctype html>
<title>starting</title>
<script>addEventListener('message', ({ data }) => (document.title = data));</script>
<iframe sandbox="allow-scripts" src="/"></iframe>`;

const LET_IN = ['open', '{"event":"pong"}', 1000];
/** A page learns neither the status nor the reason. */
const KEPT_OUT = ['error', 1006];

describe.skipIf(isBrowserMissing)('a page', () => {
  let runtime: Runtime | undefined;
  let browser: Browser | undefined;
  /** All tests use it, one after the other: a context for each takes two seconds of a processor. */
  let tab: Page | undefined;
  let site: NamedSite | undefined;
  let connects = 0;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([
      start(),
      launchBrowser([EVERY_NAME_IS_HERE, ONE_PROCESS_FOR_SITES]),
    ]);
    tab = await newPage(browser);
    const mint = await mintFor(runtime);
    site = await serveSite({ '/': page(runtime.urls.websocket, await mint('ann')), '/framed': framed });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await runtime?.close();
  });

  function start(): Promise<Runtime> {
    return startRuntime({
      assemble: localStage({ origins: ORIGINS }),
      onInvoked: (name) => {
        if (name.startsWith('connectFunction')) connects += 1;
      },
    });
  }

  /** The events of the page if its site has this name, and how often `$connect` ran for it. */
  async function visit(host: string, path?: string) {
    if (!tab || !site) throw new Error('Nothing was started.');
    const before = connects;
    await tab.goto(site.at(host, path));
    await tab.waitForFunction('document.title.startsWith("[")');
    return { heard: JSON.parse(await tab.title()), connects: connects - before };
  }

  it.each([
    ['the site that is named', 'app.example.com'],
    ['a subdomain of a site whose subdomains are named', 'shop.partner.example'],
    ['a subdomain of a subdomain', 'a.b.partner.example'],
  ])('of %s connects (%s)', async (_which, host) => {
    expect(await visit(host)).toEqual({ heard: LET_IN, connects: 1 });
  });

  it.each([
    ['another site', 'evil.example'],
    ['the parent of the site that is named', 'example.com'],
    ['a subdomain of the site that is named', 'evil.app.example.com'],
    ['the bare domain whose subdomains are named', 'partner.example'],
    ['a site whose name ends like it', 'evilpartner.example'],
    ['a site whose name begins like it', 'app.example.com.evil.example'],
    ['this machine, which no rule names', 'localhost'],
  ])('of %s gets only an error, and $connect does not run (%s)', async (_which, host) => {
    expect(await visit(host)).toEqual({ heard: KEPT_OUT, connects: 0 });
  });

  it('in a sandbox has no origin, and is refused even in the site that is named', async () => {
    expect(await visit('app.example.com', '/framed')).toEqual({ heard: KEPT_OUT, connects: 0 });
  });
});
