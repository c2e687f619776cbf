/** Pages that a runtime is handed beside those of `/console/`. */

import path from 'node:path';
import { type PageFile, type PageSite, startRuntime } from 'fanfare-local';
import { expect, it, onTestFinished } from 'vitest';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';

/** It says how it was asked. */
class Echo implements PageSite {
  isOpen = true;

  find(name: string, { search, hostname }: URL): PageFile | undefined {
    if (name === 'none') return undefined;
    const content = async () => `${name} ${search} ${hostname}`;
    return { type: 'text/plain', content, mayBeFramed: name === 'framed' };
  }

  close(): void {
    this.isOpen = false;
  }
}

async function start(echo: PageSite) {
  const template = parseTemplate(webSocketTemplate({}));
  const runtime = await startRuntime({
    assemble: async (outdir) => ({ template, codeFolder: (s3Key) => path.join(outdir, s3Key) }),
    morePages: new Map([['/echo/', echo]]),
  });
  onTestFinished(() => runtime.close());
  return runtime;
}

async function serve(): Promise<URL> {
  const { urls } = await start(new Echo());
  return new URL('/', urls.console);
}

it('the page below a path is found by its name and by the whole URL', async () => {
  const answer = await fetch(new URL('/echo/one/two?user=ann', await serve()));

  expect([answer.status, await answer.text()]).toEqual([200, 'one/two ?user=ann localhost']);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
});

it.each([
  ['framed', "frame-ancestors 'self'"],
  ['other', "frame-ancestors 'none'"],
])('the page %s has the policy %s, and everything else as all pages', async (name, ancestors) => {
  const { headers } = await fetch(new URL(`/echo/${name}`, await serve()));

  expect(headers.get('content-security-policy')?.split('; ')).toEqual([
    "default-src 'self'",
    "connect-src 'self' ws: wss: http: https:",
    ancestors,
  ]);
});

it('the path without its last slash leads to the one with it', async () => {
  const answer = await fetch(new URL('/echo', await serve()), { redirect: 'manual' });

  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/echo/']);
});

it.each(['/echo/none', '/echoes/'])('%s is no page', async (target) => {
  expect((await fetch(new URL(target, await serve()))).ok).toBe(false);
});

it('a site is closed together with the runtime', async () => {
  const echo = new Echo();
  const runtime = await start(echo);
  expect(echo.isOpen).toBe(true);
  await runtime.close();

  expect(echo.isOpen).toBe(false);
});
