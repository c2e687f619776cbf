/** The bundled client in a real browser, from a page without a build. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isBrowserMissing, launchBrowser } from '../browser.ts';
import { startRuntime } from '../runtime.ts';
import { bundleClient } from './bundle.ts';

const page = (url: string) => `<!doctype html>
<title>starting</title>
<script type="module">
  import { connect } from './client.js';
  const connection = connect(${JSON.stringify(url)});
  const channel = connection.channel('open:browser');
  const got = [];
  connection.on('rotated', () => channel.publish('rotated'));
  const subscription = channel.subscribe(({ data }) => {
    got.push(data);
    if (data === 'hello') connection.renew();
    if (data === 'rotated') document.title = JSON.stringify(got);
  });
  await subscription.ready;
  await channel.publish('hello');
</script>`;

/** Serves the page and the client from one origin. */
async function serve(files: Record<string, { type: string; body: string }>): Promise<string> {
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}/`;
}

describe.skipIf(isBrowserMissing)('in a browser', () => {
  it('a plain page subscribes, publishes and rotates', { timeout: 60_000 }, async () => {
    const runtime = await startRuntime();
    onTestFinished(() => runtime.close());
    const { text } = await bundleClient();
    const origin = await serve({
      '/': { type: 'text/html', body: page(runtime.urls.websocket) },
      '/client.js': { type: 'text/javascript', body: text },
    });
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const tab = await browser.newPage();
    const failures: unknown[] = [];
    tab.on('pageerror', (error) => failures.push(error));

    await tab.goto(origin);
    await tab.waitForFunction('document.title.startsWith("[")');

    expect(JSON.parse(await tab.title())).toEqual(['hello', 'rotated']);
    expect(failures).toEqual([]);
  });
});
