/** A change of the source reaches the running functions. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../fixtures/web-socket-template.ts';
import { Client } from '../local/client.ts';
import { startRuntime } from '../runtime.ts';

const template = parseTemplate(webSocketTemplate({ $default: { code: 'echo', replies: true } }));

describe('a change of the source', () => {
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
          `export const handler = async () => ({ statusCode: 200, body: ${body} });`,
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
