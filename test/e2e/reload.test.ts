/** A change of the source reaches the running functions. */

import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../local/template/template.ts';
import { watchSources } from '../../local/watch.ts';
import { webSocketTemplate } from '../fixtures/web-socket-template.ts';
import { Client } from '../local/client.ts';
import { startRuntime } from '../runtime.ts';

const template = parseTemplate(webSocketTemplate({ $default: { code: 'echo', replies: true } }));

describe('a change of the source', () => {
  it.each(['lambdas/connect.ts', 'lambdas/actions/ping.ts', 'protocol/limits.ts', 'fanfare.config.ts'])(
    'of %s is noticed',
    async (file) => {
      const changed = new Promise<void>((resolve) => {
        const watcher = watchSources(() => {
          watcher.close();
          resolve();
        });
      });

      await utimes(fileURLToPath(new URL(`../../${file}`, import.meta.url)), new Date(), new Date());

      await changed;
    },
  );

  it('takes over from the next message on, on connections that are open', async () => {
    let answer = 'old';
    const runtime = await startRuntime({
      maxEnvironments: 1,
      async assemble(outdir) {
        const folder = path.join(outdir, answer);
        await mkdir(folder);
        const body = JSON.stringify(JSON.stringify(answer));
        await writeFile(
          path.join(folder, 'index.mjs'),
          `export const handler = () => ({ statusCode: 200, body: ${body} });`,
        );
        return { template, codeFolder: () => folder };
      },
    });
    const client = await Client.open(runtime.urls.websocket);
    expect(await client.ask({})).toBe('old');

    answer = 'new';
    await runtime.reload();

    expect(await client.ask({})).toBe('new');
    await runtime.close();
  });
});
