/** `fanfare` as apps get it: packed, unpacked outside of the repository, synthesized, served, and used by clients. */

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Connection, connect } from 'fanfare-client';
import { LOCAL_CREDENTIALS, REGION } from 'fanfare-local';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { apiOf, changedReports } from '../../bin/packages/api-report.ts';
import { publintFindings, typesFindings } from '../../bin/packages/check.ts';
import { runProgram, runTool } from '../../bin/packages/run-tool.ts';
import { checks } from '../../lib/deploy-checks/deploy-findings.ts';
import { readTemplate } from '../../lib/deploy-checks/deploy-template.ts';
import { linesOf } from '../lib/deploy-checks/planted.ts';
import { Queue } from '../local/queue.ts';
import { filesNamedIn } from './named-files.ts';
import { nodeVersions } from './node-versions.ts';
import { unpackedOnce } from './packed.ts';
import { type Served, Shop } from './shop.ts';

const versions = [...(await nodeVersions())];

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.create();
});

afterAll(() => shop.folder.remove());

describe('the tarball', () => {
  it('has what an app needs, and no TypeScript but declarations', async () => {
    const { size, unpackedSize, files } = shop.packed;
    process.stdout.write(`fanfare: ${size} bytes packed, ${unpackedSize} unpacked, ${files.length} files.\n`);

    expect(files.filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
    expect(files.filter((file) => !file.startsWith('dist/')).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    const text = await readFile(path.join(shop.folder.folderOf('fanfare'), 'package.json'), 'utf8');
    expect(filesNamedIn(text).filter((file) => !files.includes(file))).toEqual([]);
  });

  it('depends on no package that npm does not have', async () => {
    const text = await readFile(path.join(shop.folder.folderOf('fanfare'), 'package.json'), 'utf8');

    expect(Object.keys(JSON.parse(text).dependencies).filter((name) => name.startsWith('fanfare'))).toEqual(
      [],
    );
  });

  it('passes publint', async () => {
    expect(await publintFindings(shop.packed.tarball)).toBe('');
  });

  it('has types for every way in which modules are found, also for that of old projects', async () => {
    expect(await typesFindings(shop.packed.tarball, 'strict')).toBe('');
  });

  it('has the public API that lib/api reports (`npm run build` writes it)', async () => {
    expect(
      await changedReports({ ...apiOf('fanfare'), folder: await unpackedOnce('fanfare') }, false),
    ).toEqual([]);
  });
});

describe('an app', () => {
  const PRINTED = "console.log(typeof Fanfare, typeof defineConfig, Fanfare === require('fanfare').Fanfare);";

  it.each(versions)('in Node.js %s takes the construct as CommonJS', async (_version, node) => {
    const file = await shop.folder.write(
      'consumer.cjs',
      `const { Fanfare } = require('fanfare');\nconst { defineConfig } = require('fanfare/config');\n${PRINTED}`,
    );

    expect(await runProgram(node, [file], shop.folder.path)).toBe('function function true\n');
  });

  it.each(versions)('in Node.js %s takes the construct as an ES module', async (_version, node) => {
    const file = await shop.folder.write(
      'consumer.mjs',
      `import { createRequire } from 'node:module';\nimport { Fanfare } from 'fanfare';\nimport { defineConfig } from 'fanfare/config';\nconst require = createRequire(import.meta.url);\n${PRINTED}`,
    );

    expect(await runProgram(node, [file], shop.folder.path)).toBe('function function true\n');
  });

  it.each(['commonjs', 'module'])('of the type %s has types', async (type) => {
    await shop.folder.write('package.json', JSON.stringify({ name: 'shop', private: true, type }));
    onTestFinished(() =>
      shop.folder.write('package.json', JSON.stringify({ name: 'shop', private: true })).then(() => {}),
    );
    const compilerOptions = {
      target: 'es2022',
      module: 'node16',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: ['node'],
    };
    await shop.folder.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions, include: ['app.ts', 'realtime'] }),
    );

    await expect(runTool('tsc', ['-p', 'tsconfig.json'], shop.folder.path)).resolves.toBe('');
  });

  it('with a table and two Fanfares passes the deploy checks', async () => {
    const outdir = await shop.synthesize();
    const template = readTemplate(
      JSON.parse(await readFile(path.join(outdir, 'Shop.template.json'), 'utf8')),
    );

    expect(
      [...template.resources.values()].filter(({ type }) => type === 'AWS::ApiGatewayV2::Api'),
    ).toHaveLength(4);
    for (const [name, find] of Object.entries(checks)) expect(linesOf(find(template)), name).toEqual([]);
  });
});

/** The messages of a channel from now on. */
async function messagesOf(connection: Connection, channel: string): Promise<Queue<string>> {
  const messages = new Queue<string>();
  await connection.channel(channel).subscribe(({ data }) => messages.put(String(data))).ready;
  return messages;
}

describe('under fanfare-local', () => {
  let served: Served;
  const tokenOf = (construct: string, user: string) =>
    shop.token('--user', user, '--stage', `local-Shop-${construct}`);

  beforeAll(async () => {
    served = await shop.serve();
  });

  afterAll(() => served.stop());

  async function client(construct: string, user: string): Promise<Connection> {
    const connection = connect(served.urlOf(construct), {
      token: await tokenOf(construct, user),
      webSocket: WebSocket,
    });
    onTestFinished(() => connection.close());
    return connection;
  }

  it('a client gets what another one publishes, and the other Fanfare does not', async () => {
    const [ann, bob, other] = await Promise.all([
      client('Realtime', 'ann'),
      client('Realtime', 'bob'),
      client('Support', 'ann'),
    ]);
    const [here, there] = await Promise.all([messagesOf(bob, 'chat:room'), messagesOf(other, 'chat:room')]);
    await ann.channel('chat:room').publish('hello');
    await other.channel('chat:room').publish('help');

    expect(await here.next()).toBe('hello');
    expect(await there.next()).toBe('help');
  });

  it('a token of one Fanfare is refused by the other', async () => {
    const token = await tokenOf('Support', 'ann');
    const socket = new WebSocket(`${served.urlOf('Realtime')}?token=${token}`);
    const refused = new Promise((resolve) =>
      socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode)),
    );
    socket.on('error', () => {});

    expect(await refused).toBe(401);
  });

  it('asks for the stage of a token if the app has two', async () => {
    await expect(shop.token('--user', 'ann')).rejects.toThrow(
      'Choose the stage with --stage: local-Shop-Realtime, local-Shop-Support.',
    );
  });

  it('a function of the app publishes a change of its table, by the right that grantPublish gave it', async () => {
    const orders = await messagesOf(await client('Realtime', 'carl'), 'orders:all');
    const TableName = served.ready.tables.find((name) => name.startsWith('Orders'));
    const table = new DynamoDBClient({
      endpoint: served.ready.dynamodb,
      region: REGION,
      credentials: LOCAL_CREDENTIALS,
    });
    await table.send(new PutItemCommand({ TableName, Item: { id: { S: 'order-7' } } }));
    table.destroy();

    expect(await orders.next()).toBe('order-7');
  });

  it('takes in a change of a configuration, while connections stay', async () => {
    const dora = await client('Realtime', 'dora');
    await messagesOf(dora, 'chat:later');
    const file = path.join(shop.folder.path, 'realtime/fanfare.config.ts');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace("publish: 'signed-in'", "publish: 'servers'"),
    );

    expect(await served.told(/Reloaded|Restarted|failed/)).toBe('Reloaded.');
    await expect(dora.channel('chat:later').publish('too late')).rejects.toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });
});
