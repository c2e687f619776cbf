/** The page of a runtime without pages of its app, as a developer of another app sees it. */

import path from 'node:path';
import { startRuntime } from 'fanfare-local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';
import { Client } from '../client.ts';

/** A runtime as a program of another project starts it. */
async function serve() {
  const template = parseTemplate(webSocketTemplate({}));
  const runtime = await startRuntime({
    assemble: async (outdir) => ({ template, codeFolder: (s3Key) => path.join(outdir, s3Key) }),
  });
  onTestFinished(() => runtime.close());
  return runtime;
}

const page = async (url: string) => (await fetch(url)).text();

describe('the front page of a runtime without pages of its app', () => {
  it('is the page to which the root leads a browser', async () => {
    const { urls } = await serve();
    const response = await fetch(new URL('/', urls.console), { headers: { accept: 'text/html' } });

    expect([response.url, response.status]).toEqual([urls.console, 200]);
  });

  it('is not what a cache may give to programs in place of the API at the root', async () => {
    const { urls } = await serve();
    const root = new URL('/', urls.console);
    const response = await fetch(root, { headers: { accept: 'text/html' }, redirect: 'manual' });

    expect([response.status, response.headers.get('vary')]).toEqual([302, 'Accept']);
  });

  it('lists the URLs, and no handshake before one was refused', async () => {
    const { urls } = await serve();
    const html = await page(urls.console);

    expect(html).toContain(`<tr><td>Api</td><td>${urls.websocket}</td></tr>`);
    expect(html).toContain(urls.dynamodb);
    expect(html).toContain('No handshake was refused.');
  });

  it('says why a handshake was refused', async () => {
    const { urls } = await serve();
    await expect(Client.open(`${urls.websocket}/other`)).rejects.toThrow();

    expect(await page(urls.console)).toContain('<td>There is no WebSocket API at this path.</td>');
  });

  it('shows the bill so far', async () => {
    const { urls } = await serve();
    await Client.open(urls.websocket);

    expect(await page(urls.console)).toContain('API Gateway connection minutes');
  });

  it('shows a text of a client as text, never as markup', async () => {
    const { urls, meter } = await serve();
    meter.message('in', '<script>', 'x');
    const html = await page(urls.console);

    expect(html).toContain('&lt;script&gt;, in');
    expect(html).not.toContain('<script>');
  });

  it('is the only page', async () => {
    const { urls } = await serve();

    expect((await fetch(new URL('main.js', urls.console))).status).toBe(404);
  });
});
