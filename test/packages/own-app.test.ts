/** An app with everything of its own at once: a table, a function on its changes, a rule, an action, an issuer, and a typed page. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { connect } from 'fanfare-client';
import { publicKeys, signToken } from 'fanfare-client/server';
import { LOCAL_CREDENTIALS, REGION } from 'fanfare-local';
import { exportJWK, generateKeyPair } from 'jose';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { runProgram, runTool } from '../../bin/packages/run-tool.ts';
import { checks } from '../../lib/deploy-checks/deploy-findings.ts';
import { readTemplate } from '../../lib/deploy-checks/deploy-template.ts';
import { linesOf } from '../lib/deploy-checks/planted.ts';
import { type Served, Shop } from './shop.ts';

const SOURCES = path.join(import.meta.dirname, 'consumer/orders');

/** Another stack in the same app. It does not count as a part of the 40 lines. */
const WITH_BILLING = `
import { addBilling } from './billing/stack.ts';
addBilling(stack.node.root, realtime);
`;

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.create(async (folder) => {
    await folder.copy(SOURCES, '.');
    const app = await readFile(path.join(SOURCES, 'app.ts'), 'utf8');
    await folder.write('app.ts', `${app}${WITH_BILLING}`);
  });
});

afterAll(() => shop.folder.remove());

/** The most lines of their own, without imports, comments and blank lines. */
const MOST_LINES = 40;

/** https://biomejs.dev: the width of this repository, so that no line is squeezed. */
const MOST_COLUMNS = 110;

/** Of a source, without its page. An import may have several lines. */
const ownLines = (source: string) =>
  source
    .replaceAll(/^import [^;]*;$/gm, '')
    .replaceAll(/\/\*\*?[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/.*)?$/.test(line));

describe('an app with logic of its own', () => {
  it('has a table, a function on its changes, a rule, an action and an issuer in 40 lines', async () => {
    const files = ['app.ts', 'realtime/fanfare.config.ts', 'realtime/order.ts', 'realtime/announce.ts'];
    const sources = await Promise.all(files.map((file) => readFile(path.join(SOURCES, file), 'utf8')));
    const counts = sources.map((source) => ownLines(source).length);
    const total = counts.reduce((sum, count) => sum + count);
    process.stdout.write(
      `own-app: ${total} lines, ${files.map((file, at) => `${file} ${counts[at]}`).join(', ')}.\n`,
    );

    expect(total).toBeLessThanOrEqual(MOST_LINES);
    expect(
      sources.flatMap((source) => source.split('\n')).filter((line) => line.length > MOST_COLUMNS),
    ).toEqual([]);
  });

  it('has types from its configuration to its page', async () => {
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: ['node'],
    };
    await shop.folder.write('package.json', JSON.stringify({ name: 'shop', private: true, type: 'module' }));
    await shop.folder.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions, include: ['*.ts', 'realtime', 'billing'] }),
    );

    await expect(runTool('tsc', ['-p', 'tsconfig.json'], shop.folder.path)).resolves.toBe('');
  });

  it('passes the deploy checks', async () => {
    const outdir = await shop.synthesize();
    const text = await readFile(path.join(outdir, 'Shop.template.json'), 'utf8');
    const template = readTemplate(JSON.parse(text));

    expect(Object.keys(checks).length).toBeGreaterThan(5);
    for (const [name, find] of Object.entries(checks)) expect(linesOf(find(template)), name).toEqual([]);
  });

  describe('started by one command', () => {
    let served: Served;
    let tokenOf: (user: string) => Promise<string>;

    beforeAll(async () => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const key = { ...(await exportJWK(privateKey)), kid: 'one', alg: 'ES256' } as const;
      const keys = await serveKeys(JSON.stringify(publicKeys([key])));
      served = await shop.serve({ SHOP_ISSUER: keys.url }, '--stack', 'Shop', '--stack', 'Billing');
      tokenOf = (user) => signToken({ user }, { issuer: keys.url, audience: 'shop', key });
      return () => keys.server.close();
    });

    afterAll(() => served.stop());

    it('tells everyone of an order once its table has it, and refuses with sentences', async () => {
      const args = ['--import', 'tsx', 'page.ts', served.urlOf('Realtime'), await tokenOf('ann')];
      const printed = await runProgram(process.execPath, args, shop.folder.path);

      expect(JSON.parse(printed)).toEqual({
        answer: { id: 'order-7' },
        heard: { id: 'order-7', user: 'shop-ann' },
        tooMany: 'At most 9 pieces.',
        tooLong: 'Too long.',
      });
    });

    it('lets a function of another stack publish, which knows it by its attributes', async () => {
      const connection = connect(served.urlOf('Realtime'), {
        token: await tokenOf('ann'),
        webSocket: WebSocket,
      });
      const heard = new Promise((resolve) => {
        connection.channel('orders:bills').subscribe(({ data }) => resolve(data), { after: 0 });
      });
      const TableName = served.ready.tables.find((name) => name.startsWith('Bills'));
      const { dynamodb: endpoint } = served.ready;
      const table = new DynamoDBClient({ endpoint, region: REGION, credentials: LOCAL_CREDENTIALS });
      await table.send(new PutItemCommand({ TableName, Item: { id: { S: 'bill-7' } } }));
      table.destroy();

      expect(await heard).toBe('bill-7');
      connection.close();
    });

    /** Runs `npx fanfare smoke`, which fails if a fact does. */
    async function smoke(flags: readonly string[], environment: NodeJS.ProcessEnv = {}) {
      const command = path.join(shop.folder.folderOf('fanfare'), 'dist/cli.mjs');
      // A file of the app would be taken for a change of it.
      const json = path.join(shop.folder.path, 'node_modules/seen.json');
      const args = [command, 'smoke', '--url', served.urlOf('Realtime'), '--json', json, ...flags];
      await promisify(execFile)(process.execPath, args, {
        cwd: shop.folder.path,
        env: { ...process.env, ...environment },
      });
      return v.parse(seen, JSON.parse(await readFile(json, 'utf8')));
    }

    it('passes the smoke run, which finds its namespaces and the names of its users by itself', async () => {
      const { counts, groups } = await smoke([]);
      const skipped = groups.flatMap(({ facts }) => facts.filter(({ status }) => status === 'skipped'));
      const { passed, failed } = counts;
      process.stdout.write(`own-app smoke: ${passed} passed, ${failed} failed, ${skipped.length} skipped.\n`);

      expect(failed).toBe(0);
      expect(passed).toBeGreaterThan(60);
      expect(new Set(skipped.map(({ seen: reason }) => reason))).toEqual(
        new Set([
          'only on AWS',
          'nothing in this stage is for clients without a token',
          'the fallback is off in this stage',
          'no namespace of this stage in which users read, and see joins and leaves',
          'no namespace of this stage in which users read, and messages are not kept',
        ]),
      );
    });

    it('passes it with the tokens of two of its users, too, as far as they may show it', async () => {
      const tokens = await Promise.all(['ann', 'bob'].map(tokenOf));
      const { counts } = await smoke(['--group', 'messages'], { FANFARE_TOKEN: tokens.join(' ') });

      expect(counts).toEqual({ passed: 4, failed: 0, skipped: 0 });
    });

    it('has the sentence of a rule in the smoke run if the rule refuses what a fact publishes', async () => {
      const message = JSON.stringify(['$', 'x'.repeat(500)]);
      const { groups } = await smoke(['--group', 'messages', '--message', message]);

      expect(groups[0]?.facts.map(({ seen: reason }) => reason)).toEqual(
        Array.from({ length: 4 }, () => 'a rule of the application may refuse it: Too long.'),
      );
    });
  });
});

const counts = v.object({ passed: v.number(), failed: v.number(), skipped: v.number() });
const fact = v.object({ name: v.string(), status: v.string(), seen: v.string() });
const seen = v.object({ counts, groups: v.array(v.object({ facts: v.array(fact) })) });

/** Each path has the keys, also `.well-known/jwks.json`. */
async function serveKeys(body: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return { server, url: `http://127.0.0.1:${address.port}` };
}
