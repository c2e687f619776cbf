/** After a change of the source, the runtime serves either the new code or the old code, and its message is true. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Assembly } from '../../packages/local/src/cloud-assembly/read-assembly.ts';
import { ServedApp } from '../../packages/local/src/served-app.ts';
import { StartError } from '../../packages/local/src/start-error.ts';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { returns } from '../fixtures/functions.ts';
import { webSocketTemplate } from '../fixtures/web-socket-template.ts';
import { Client } from './client.ts';
import { emptyFolder } from './empty-folder.ts';

const replies = (text: string) => returns({ statusCode: 200, body: JSON.stringify(text) });

/** The source, which a test changes as a person edits files. */
interface Source {
  template: ReturnType<typeof webSocketTemplate>;
  code: string;
  mistake?: string;
}

const route = { code: 'code', replies: true };

async function serve(source: Source) {
  let builds = 0;
  const assemble = async (outdir: string): Promise<Assembly> => {
    if (source.mistake !== undefined) throw new StartError(source.mistake);
    const folder = path.join(outdir, String(builds++));
    await mkdir(folder);
    await writeFile(path.join(folder, 'index.mjs'), source.code);
    return { template: parseTemplate(JSON.parse(JSON.stringify(source.template))), codeFolder: () => folder };
  };
  const app = await ServedApp.start({ assemble, workFolder: await emptyFolder(), maxEnvironments: 1 });
  onTestFinished(() => app.close());
  return app;
}

const newSource = (): Source => ({ template: webSocketTemplate({ $default: route }), code: replies('old') });

/** The answer that a new client gets. */
async function answer({ runtime }: ServedApp, frame: object = {}): Promise<unknown> {
  const client = await Client.open(runtime.urls.websocket);
  const reply = await client.ask(frame);
  await client.close();
  return reply;
}

const table = (KeySchema: object) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { KeySchema, AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }] },
});

describe('a change of the source', () => {
  it('that only concerns code is swapped in, and connections stay open', async () => {
    const source = newSource();
    const app = await serve(source);
    const client = await Client.open(app.runtime.urls.websocket);
    source.code = replies('new');

    expect(await app.takeIn()).toBe('Reloaded.');
    expect(await client.ask({})).toBe('new');
  });

  it('that adds a function with a route starts the app again on the same port, and is named', async () => {
    const source = newSource();
    const app = await serve(source);
    const { websocket } = app.runtime.urls;
    const client = await Client.open(websocket);
    source.template = webSocketTemplate({ $default: route, more: route });
    source.code = replies('new');

    const told = await app.takeIn();

    expect(told).toMatch(/^Restarted, because a running app cannot take this in: Route1.* is new/);
    expect(told).toMatch(/Connections were closed, and the tables are empty\.$/);
    expect(await client.closed).toMatchObject({ code: 1006 });
    expect(app.runtime.urls.websocket).toBe(websocket);
    expect(await answer(app, { action: 'more' })).toBe('new');
  });

  it('is reloaded after a restart as before it', async () => {
    const source = newSource();
    const app = await serve(source);
    source.template = webSocketTemplate({ $default: route, more: route });
    await app.takeIn();
    source.code = replies('newer');

    expect(await app.takeIn()).toBe('Reloaded.');
    expect(await answer(app)).toBe('newer');
  });

  it('that does not build leaves the old code in place', async () => {
    const source = newSource();
    const app = await serve(source);
    source.mistake = 'It does not build.';

    await expect(app.takeIn()).rejects.toThrow('It does not build.');
    expect(await answer(app)).toBe('old');
  });

  it('that cannot be served leaves the old code in place, and its connections open', async () => {
    const source = newSource();
    const app = await serve(source);
    const client = await Client.open(app.runtime.urls.websocket);
    source.template = webSocketTemplate({ $default: route }, { Jobs: { Type: 'AWS::SQS::Queue' } });

    await expect(app.takeIn()).rejects.toThrow('The local runtime does not support Jobs (AWS::SQS::Queue).');
    expect(await client.ask({})).toBe('old');
  });

  it('that does not start is undone, and the next change is loaded', async () => {
    const source = newSource();
    const app = await serve(source);
    source.template = webSocketTemplate(
      { $default: route },
      { Items: table([{ AttributeName: 'other', KeyType: 'HASH' }]) },
    );
    source.code = replies('new');

    await expect(app.takeIn()).rejects.toThrow('The code before it was started again.');
    expect(await answer(app)).toBe('old');

    source.template = webSocketTemplate(
      { $default: route },
      { Items: table([{ AttributeName: 'pk', KeyType: 'HASH' }]) },
    );
    expect(await app.takeIn()).toMatch(/^Restarted, .*Items \(AWS::DynamoDB::Table\) is new/);
    expect([await answer(app), app.runtime.tables]).toEqual(['new', ['Items']]);
  });
});
