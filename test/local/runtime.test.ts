import { access } from 'node:fs/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbeddedStore } from '../../packages/local/src/dynamodb/embedded-store.ts';
import { StartError } from '../../packages/local/src/start-error.ts';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { accepts, does, returns } from '../fixtures/functions.ts';
import { webSocketTemplate } from '../fixtures/web-socket-template.ts';
import { startRuntime } from '../runtime.ts';
import { Client } from './client.ts';
import { closedGate } from './gate.ts';
import { runTemplate } from './run-template.ts';
import { serveRoutes } from './serve-routes.ts';

const table = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  },
};

/** Names of the tables in a DynamoDB API. */
async function tablesOf(endpoint: string): Promise<readonly string[] | undefined> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const { TableNames } = await client.send(new ListTablesCommand());
  client.destroy();
  return TableNames;
}

describe('the runtime', () => {
  it('has the addresses of all its services', async () => {
    const { runtime } = await serveRoutes({});
    const { port } = new URL(runtime.urls.http);

    expect(runtime.urls).toEqual({
      websocket: `ws://localhost:${port}/test`,
      http: `http://localhost:${port}/test`,
      apis: { Api: `ws://localhost:${port}/test` },
      functionUrls: {},
      console: `http://localhost:${port}/console/`,
      dynamodb: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      lambda: `http://127.0.0.1:${port}`,
      secretsManager: `http://127.0.0.1:${port}`,
      eventBridge: `http://127.0.0.1:${port}`,
    });
  });

  it('creates the tables of the template in its own store', async () => {
    const runtime = await runTemplate(webSocketTemplate({}, { Items: table }), {});
    onTestFinished(() => runtime.close());

    expect(runtime.tables).toEqual(['Items']);
    expect(await tablesOf(runtime.urls.dynamodb)).toEqual(['Items']);
  });

  it('creates them in another DynamoDB API if there is one', async () => {
    const store = await startEmbeddedStore();
    onTestFinished(() => store.close());
    const runtime = await runTemplate(
      webSocketTemplate({}, { Items: table }),
      {},
      { dynamodbEndpoint: store.url },
    );
    onTestFinished(() => runtime.close());

    expect(runtime.urls.dynamodb).toBe(store.url);
    expect(await tablesOf(store.url)).toEqual(['Items']);
  });

  it('serves new code after a reload, on the connections that are open', async () => {
    const sources = { code: returns({ statusCode: 200, body: '"old"' }) };
    const runtime = await runTemplate(
      webSocketTemplate({ $default: { code: 'code', replies: true } }),
      sources,
    );
    onTestFinished(() => runtime.close());
    const client = await Client.open(runtime.urls.websocket);
    const before = await client.ask('x');
    sources.code = returns({ statusCode: 200, body: '"new"' });
    await runtime.reload();

    expect([before, await client.ask('x')]).toEqual(['old', 'new']);
  });

  it('goes on unchanged when the new code does not build', async () => {
    let builds = 0;
    const template = parseTemplate(webSocketTemplate({}));
    const runtime = await startRuntime({
      async assemble() {
        if (builds++ > 0) throw new StartError('It does not build.');
        return { template, codeFolder: (s3Key) => s3Key };
      },
    });
    onTestFinished(() => runtime.close());

    await expect(runtime.reload()).rejects.toThrow('It does not build.');
    expect(await fetch(runtime.urls.http)).toMatchObject({ status: 426 });
  });
});

describe('closing the runtime', () => {
  it('drops the connections, and stops listening', async () => {
    const { runtime, url, http } = await serveRoutes({ $connect: accepts });
    const client = await Client.open(url);
    await runtime.close();

    expect(await client.closed).toMatchObject({ code: 1006 });
    await expect(fetch(http)).rejects.toThrow('fetch failed');
    await expect(fetch(runtime.urls.dynamodb)).rejects.toThrow('fetch failed');
  });

  it('ends functions that are running', async () => {
    const gate = await closedGate();
    const { runtime } = await serveRoutes({ $connect: does(gate.wait) });
    const outcome = runtime.functions.invoke('Route0Function', {});
    await gate.arrival();
    await runtime.close();

    expect(await outcome).toMatchObject({ kind: 'died', message: 'Route0Function is stopped.' });
  });

  it('removes its temporary folder', async () => {
    let folder = '';
    const template = parseTemplate(webSocketTemplate({}));
    const runtime = await startRuntime({
      async assemble(outdir) {
        folder = outdir;
        return { template, codeFolder: (s3Key) => s3Key };
      },
    });
    await access(folder);
    await runtime.close();

    await expect(access(folder)).rejects.toThrow('ENOENT');
  });

  it('may be requested twice', async () => {
    const { runtime } = await serveRoutes({});
    await runtime.close();

    await expect(runtime.close()).resolves.toBeUndefined();
  });
});

describe('a runtime that does not start', () => {
  it('says why, and leaves nothing behind', async () => {
    const { runtime } = await serveRoutes({});
    const port = Number(new URL(runtime.urls.http).port);
    let folder = '';
    const template = parseTemplate(webSocketTemplate({}));
    const starting = startRuntime({
      port,
      async assemble(outdir) {
        folder = outdir;
        return { template, codeFolder: (s3Key) => s3Key };
      },
    });

    await expect(starting).rejects.toThrow(`Port ${port} is in use`);
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });

  it('gives back its port', async () => {
    const free = await serveRoutes({});
    const port = Number(new URL(free.http).port);
    await free.runtime.close();
    const broken = runTemplate(webSocketTemplate({ $connect: { code: 'missing' } }), {}, { port });

    await expect(broken).rejects.toThrow(
      'The code of Route0Function has no file for its handler index.handler.',
    );
    const runtime = await runTemplate(webSocketTemplate({}), {}, { port });
    onTestFinished(() => runtime.close());
    expect(new URL(runtime.urls.http).port).toBe(String(port));
  });
});
