/** The bundled client in a real browser, from a page without a build. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { isBrowserMissing, newPage } from '../browser.ts';
import { serveSite } from '../named-site.ts';
import { sharedBrowser } from '../shared-browser.ts';
import { sharedRuntime } from '../shared-runtime.ts';
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

describe.skipIf(isBrowserMissing)('in a browser', () => {
  it('a plain page subscribes, publishes and rotates', async () => {
    const { runtime } = await sharedRuntime();
    const { text } = await bundleClient();
    const site = await serveSite({ '/': page(runtime.urls.websocket), '/client.js': text });
    onTestFinished(site.close);
    const tab = await newPage(await sharedBrowser());
    onTestFinished(() => tab.close());
    const failures: unknown[] = [];
    tab.on('pageerror', (error) => failures.push(error));

    await tab.goto(site.at('127.0.0.1'));
    await tab.waitForFunction('document.title.startsWith("[")');

    expect(JSON.parse(await tab.title())).toEqual(['hello', 'rotated']);
    expect(failures).toEqual([]);
  });
});
