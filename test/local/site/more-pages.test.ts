/** Pages that a runtime is handed beside those of `/console/`. */

import path from 'node:path';
import { type FindPage, startRuntime } from 'fanfare-local';
import { expect, it, onTestFinished } from 'vitest';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';

/** It says how it was asked. */
const echo: FindPage = (name, { search, hostname }) =>
  name === 'none' ? undefined : { type: 'text/plain', content: async () => `${name} ${search} ${hostname}` };

async function serve(): Promise<URL> {
  const template = parseTemplate(webSocketTemplate({}));
  const runtime = await startRuntime({
    assemble: async (outdir) => ({ template, codeFolder: (s3Key) => path.join(outdir, s3Key) }),
    morePages: new Map([['/echo/', echo]]),
  });
  onTestFinished(() => runtime.close());
  return new URL('/', runtime.urls.console);
}

it('the page below a path is found by its name and by the whole URL', async () => {
  const answer = await fetch(new URL('/echo/one/two?user=ann', await serve()));

  expect([answer.status, await answer.text()]).toEqual([200, 'one/two ?user=ann localhost']);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
});

it('the path without its last slash leads to the one with it', async () => {
  const answer = await fetch(new URL('/echo', await serve()), { redirect: 'manual' });

  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/echo/']);
});

it.each(['/echo/none', '/echoes/'])('%s is no page', async (target) => {
  expect((await fetch(new URL(target, await serve()))).ok).toBe(false);
});
