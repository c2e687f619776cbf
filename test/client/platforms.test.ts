/**
 * The client where pages, workers and servers run it. Chromium is real here. React Native and the back/forward cache are
 * simulated in files of their own; StrictMode and hydration are in `react/`.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isBrowserMissing, newPage } from '../browser.ts';
import { serveSite } from '../named-site.ts';
import { sharedBrowser } from '../shared-browser.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import { bundleClient } from './bundle.ts';

/** Connects, publishes, and calls `done` with what came back. */
const echo = (url: string, fallbackUrl: string, done: string) => `
  import { connect } from './client.js';
  const connection = connect(${JSON.stringify(url)}, { fallbackUrl: ${JSON.stringify(fallbackUrl)} });
  const channel = connection.channel('open:platforms');
  const own = String(Math.random());
  const subscription = channel.subscribe(({ data }) => data === own && ${done}('got it'));
  connection.on('error', (error) => ${done}(String(error.cause ?? error)));
  await subscription.ready;
  await channel.publish(own);
`;

/** Scripts of the site only: no inline script, no `eval`, no `new Function`. */
const policy = (url: string) =>
  `default-src 'none'; script-src 'self'; worker-src 'self'; connect-src ${new URL(url).origin.replace('http', 'ws')}`;

async function logOf(files: (url: string, fallbackUrl: string) => Readonly<Record<string, string>>) {
  const { runtime } = await sharedRuntime();
  const { text } = await bundleClient('packages/client/src/fallback.ts');
  const { websocket, http } = runtime.urls;
  const site = await serveSite({ '/client.js': text, ...files(websocket, http) });
  onTestFinished(site.close);
  const tab = await newPage(await sharedBrowser());
  onTestFinished(() => tab.close());
  // The page logs it: `waitForFunction` needs `eval`.
  const said = tab.waitForEvent('console', (message) => message.type() === 'log');
  await tab.goto(site.at('127.0.0.1'));
  return (await said).text();
}

const page = (script: string, csp = '') =>
  `<!doctype html><meta charset="utf-8">${csp}<script type="module" src="${script}"></script>`;

describe.skipIf(isBrowserMissing)('in Chromium', () => {
  it('a page whose policy forbids eval and inline scripts connects, publishes and gets its message', async () => {
    const log = await logOf((url, fallbackUrl) => ({
      '/': page(
        'page.js',
        `<meta http-equiv="Content-Security-Policy" content="${policy(url.replace('ws', 'http'))}">`,
      ),
      // `new Function` throws here, and the page says so if it does not.
      '/page.js': `${echo(url, fallbackUrl, 'show')}
        function show(text) { console.log(isFree() ? 'eval is allowed' : text); }
        function isFree() { try { return new Function('return true')(); } catch { return false; } }`,
    }));

    expect(log).toBe('got it');
  });

  it('a worker connects, publishes and gets its message', async () => {
    const log = await logOf((url, fallbackUrl) => ({
      '/': page('page.js'),
      '/page.js': `new Worker('worker.js', { type: 'module' }).onmessage = ({ data }) => console.log(data);`,
      '/worker.js': echo(url, fallbackUrl, 'postMessage'),
    }));

    expect(log).toBe('got it');
  });
});

describe('on a server that renders pages', () => {
  it.each(['index', 'fallback', 'actions', 'inbox', 'presence', 'react'])(
    'the module `%s` is loaded without a window, a WebSocket or a timer that keeps the process alive',
    async (door) => {
      const script = `
        for (const name of ['WebSocket', 'crypto', 'document', 'window', 'navigator'])
          Object.defineProperty(globalThis, name, { get() { throw new Error(name + ' was read'); } });
        const module = await import(${JSON.stringify(`../../packages/client/src/${door}.ts`)});
        console.log(Object.keys(module).length > 0);`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', script],
        { cwd: import.meta.dirname },
      );

      expect(stdout.trim()).toBe('true');
    },
  );
});
