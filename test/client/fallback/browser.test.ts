/** The bundled client with fallbacks in a real browser, behind a proxy that blocks transports. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { isBrowserMissing, newPage } from '../../browser.ts';
import { serveSite } from '../../named-site.ts';
import { sharedBrowser } from '../../shared-browser.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import { bundleClient } from '../bundle.ts';
import { fallbackUrlOf } from './fallback-url.ts';
import { HostileProxy } from './hostile-proxy.ts';

interface Place {
  readonly url: string;
  readonly fallbackUrl: string;
  readonly token: string;
}

/** Publishes its transport at each change, and shows the received messages in its title. */
const page = ({ url, fallbackUrl, token }: Place) => `<!doctype html>
<title>starting</title>
<script type="module">
  import { connect } from './client.js';
  const heard = [];
  const connection = connect(${JSON.stringify(url)}, {
    fallbackUrl: ${JSON.stringify(fallbackUrl)},
    token: ${JSON.stringify(token)},
    // On a busy machine a socket may take longer to open than the usual 8 s, and the page would go on to the next transport.
    openTimeoutMs: 100_000,
    probe: { baseMs: 200, capMs: 500 },
    onTransport: (transport) => connection.channel('chat:browser').publish(transport),
  });
  connection.channel('chat:browser').subscribe(({ data }) => {
    heard.push(data);
    document.title = heard.join(' ');
  }, { after: 0 });
</script>`;

describe.skipIf(isBrowserMissing)('in a browser', () => {
  it('a page without WebSockets goes to event streams, without these to polling, and back', async () => {
    const { runtime, mint } = await sharedRuntime();
    const proxy = await HostileProxy.start(runtime.urls.http);
    onTestFinished(() => proxy.close());
    const { text } = await bundleClient('packages/client/src/fallback.ts');
    const place = {
      url: proxy.through(runtime.urls.websocket),
      fallbackUrl: proxy.through(fallbackUrlOf(runtime)),
      token: await mint('blocked'),
    };
    // The page has another origin than the fallback URL.
    const site = await serveSite({ '/': page(place), '/client.js': text });
    onTestFinished(site.close);
    const tab = await newPage(await sharedBrowser());
    onTestFinished(() => tab.close());
    const failures: unknown[] = [];
    tab.on('pageerror', (error) => failures.push(error));
    const heard = (transport: string) => tab.waitForFunction(`document.title.endsWith('${transport}')`);

    proxy.block('websocket');
    await tab.goto(site.at('127.0.0.1'));
    await heard('sse');
    proxy.block('websocket', 'sse');
    await heard('polling');
    proxy.block();
    await heard('websocket');

    // A probe that is under way when the block falls may find the event stream first.
    expect(await tab.title()).toMatch(/^sse polling (sse )?websocket$/);
    expect(failures).toEqual([]);
  });
});
