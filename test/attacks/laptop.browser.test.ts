/** Attacks of pages on a laptop, in a real browser: a foreign site, a frame in a sandbox, and a name that leads to this machine. */

import { ServerResponse } from 'node:http';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isBrowserMissing, launchBrowser, newPage } from '../browser.ts';
import { EVERY_NAME_IS_HERE, type NamedSite, serveSite } from '../named-site.ts';
import type { Runtime } from '../runtime.ts';
import { type PageRequest, requestsOfPage, runOpenApp, TABLE } from './open-app.ts';

/** The results of a page that has tried all attacks. */
interface Loot {
  /** Answers that it could read. */
  readonly read: readonly string[];
  /** WebSockets that opened. */
  readonly opened: number;
}

/**
 * Newer browsers ask a person before a public site reaches this machine. Older browsers do not ask, nor does a browser whose user
 * has agreed.
 */
const WITHOUT_HELP =
  '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights';

/** Runs in the page. It sends each request unchanged, and as one that needs no permission, and also by image, by form and by WebSocket. */
const ATTACK = `async (requests, sockets) => {
  const read = [];
  const attempts = requests.flatMap(({ base, method, path, headers, body }) => {
    const url = base + path;
    const asked = fetch(url, { method, headers, body }).then(async (answer) => {
      read.push(method + ' ' + path + ' ' + answer.status + ' ' + (await answer.text()).slice(0, 60));
    });
    const blind = ['GET', 'POST'].includes(method) ? [fetch(url, { method, body, mode: 'no-cors' })] : [];
    const image = new Promise((resolve) => {
      const element = new Image();
      element.onload = element.onerror = resolve;
      element.src = url;
    });
    return [asked, ...blind, image];
  });
  const opened = sockets.map((url) => new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve(1);
    socket.onerror = () => resolve(0);
  }));
  const forms = requests.filter(({ method }) => method === 'POST').map(({ base, path }, index) => {
    const frame = document.createElement('iframe');
    frame.name = 'frame' + index;
    const form = document.createElement('form');
    Object.assign(form, { method: 'POST', action: base + path, target: frame.name, enctype: 'text/plain' });
    document.body.append(frame, form);
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    form.submit();
    return loaded;
  });
  await Promise.allSettled([...attempts, ...forms]);
  return { read, opened: (await Promise.all(opened)).reduce((sum, one) => sum + one, 0) };
}`;

/** The page reports to its tab, which shows the report as its title. */
const pageOf = (requests: readonly PageRequest[], sockets: readonly string[]) => `<!doctype html>
<title>starting</title><body><script type="module">
  const loot = await (${ATTACK})(${JSON.stringify(requests)}, ${JSON.stringify(sockets)});
  top.postMessage(JSON.stringify(loot), '*');
</script></body>`;

const LISTENS = `<script>addEventListener('message', ({ data }) => (document.title = data));</script>`;

describe.skipIf(isBrowserMissing)('a page', () => {
  let runtime: Runtime | undefined;
  let browser: Browser | undefined;
  let site: NamedSite | undefined;
  /** Functions that ran and answers of the runtime since the beginning of the test. */
  let ran: string[] = [];
  let answers: number[] = [];
  const files: Record<string, string> = {};

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([
      runOpenApp({ onInvoked: (name) => ran.push(name) }),
      launchBrowser([EVERY_NAME_IS_HERE, WITHOUT_HELP]),
    ]);
    site = await serveSite(files);
    const ports = new Set([runtime.urls.http, runtime.urls.dynamodb].map((url) => Number(new URL(url).port)));
    const writeHead = ServerResponse.prototype.writeHead;
    vi.spyOn(ServerResponse.prototype, 'writeHead').mockImplementation(function (
      this: ServerResponse,
      ...given: unknown[]
    ) {
      const [status] = given;
      if (ports.has(this.req.socket.localPort ?? 0)) answers.push(Number(status));
      return Reflect.apply(writeHead, this, given);
    });
  });

  beforeEach(() => {
    ran = [];
    answers = [];
  });

  afterAll(async () => {
    vi.restoreAllMocks();
    await browser?.close();
    await site?.close();
    await runtime?.close();
  });

  function started() {
    if (!runtime || !browser || !site) throw new Error('Nothing was started.');
    return { runtime, browser, site };
  }

  /** A page that attacks the servers of these hosts. */
  function attackOn(...hosts: readonly string[]): string {
    const { urls } = started().runtime;
    const { port, pathname } = new URL(urls.websocket);
    const sockets = hosts.map((host) => `ws://${host}:${port}${pathname}`);
    const requests = hosts.flatMap((host) => requestsOfPage({ urls }, host));
    return pageOf(requests, sockets);
  }

  async function newTab(): Promise<Page> {
    const tab = await newPage(started().browser);
    onTestFinished(() => tab.close());
    return tab;
  }

  async function lootOf(tab: Page, address: string): Promise<Loot> {
    await tab.goto(address);
    await tab.waitForFunction('document.title.startsWith("{")');
    return JSON.parse(await tab.title());
  }

  async function itemsInTable(): Promise<number | undefined> {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const endpoint = started().runtime.urls.dynamodb;
    const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
    const { Count } = await client.send(new ScanCommand({ TableName: TABLE, Select: 'COUNT' }));
    client.destroy();
    return Count;
  }

  /** The outcome of an attack. Every answer that is not a refusal counts as a success. */
  async function outcome({ read, opened }: Loot) {
    const answered = answers.filter((status) => status !== 403).length;
    const refused = answers.length - answered;
    return { read, opened, answered, isRefused: refused > 0, ran, items: await itemsInTable() };
  }

  const WITHOUT_WORDS = { opened: 0, answered: 0, isRefused: true, ran: [], items: 0 };
  const NOTHING = { read: [], ...WITHOUT_WORDS };

  it('of another site can read nothing, open nothing and cause no action', async () => {
    files['/'] = LISTENS + attackOn('localhost', '127.0.0.1');

    expect(await outcome(await lootOf(await newTab(), started().site.at('evil.example')))).toEqual(NOTHING);
  });

  it('in a sandbox, whose origin is null, can do no more', async () => {
    files['/framed'] = attackOn('localhost', '127.0.0.1');
    files['/'] =
      `${LISTENS}<title>starting</title><iframe sandbox="allow-scripts allow-forms" src="/framed"></iframe>`;

    expect(await outcome(await lootOf(await newTab(), started().site.at('evil.example')))).toEqual(NOTHING);
  });

  it('whose name leads to this machine (DNS rebinding) can do no more, although the browser takes the runtime for its own server', async () => {
    const tab = await newTab();
    const { port } = new URL(started().runtime.urls.http);
    const address = `http://evil.example:${port}/`;
    const body = LISTENS + attackOn('evil.example');
    // As the name led to the attacker's server when the page was loaded.
    await tab.route(address, (route) =>
      route.request().isNavigationRequest() && route.request().frame() === tab.mainFrame()
        ? route.fulfill({ body, contentType: 'text/html' })
        : route.continue(),
    );

    const { read, ...rest } = await outcome(await lootOf(tab, address));
    expect(rest).toEqual(WITHOUT_WORDS);
    expect(read.length).toBeGreaterThan(0);
    // It reads the list of refusals, because a page may read the answers of its own server.
    expect(read.filter((text) => !text.includes(' 403 '))).toEqual([]);
  });

  it('of another server on this machine reaches only the app', async () => {
    files['/'] = LISTENS + attackOn('localhost');
    const { opened } = await lootOf(await newTab(), started().site.at('localhost'));

    expect(opened).toBe(1);
    // By the function URL and the HTTP API, with and without permission, as image and as form; and `$connect`.
    expect(new Set(ran)).toEqual(new Set(['Http0Function', 'Route0Function']));
    expect(await itemsInTable()).toBe(0);
  });
});
