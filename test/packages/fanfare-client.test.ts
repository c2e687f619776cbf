/** `fanfare-client` as applications get it: packed, installed outside of the repository, and used through all of its doors. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as buildWithEsbuild } from 'esbuild';
import { build as buildWithVite } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedReports } from '../../bin/packages/api-report.ts';
import { buildPackage, type Packed, packPackage } from '../../bin/packages/build.ts';
import { publintFindings, sizes, typesFindings } from '../../bin/packages/check.ts';
import { runProgram, runTool } from '../../bin/packages/run-tool.ts';
import { isBrowserMissing, launchBrowser } from '../browser.ts';
import { blocksOf } from '../docs/snippets/blocks.ts';
import { mintServerToken } from '../docs/snippets/server-token.ts';
import { FALLBACK } from '../e2e/fallback/fallback-stage.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { ConsumerFolder } from './consumer-folder.ts';
import { nodeVersions } from './node-versions.ts';
import { servePage } from './serve-page.ts';

const CONSUMER = path.join(import.meta.dirname, 'consumer');

/** Over the wire, each without the others. Bytes. */
const MOST_BYTES = new Map([
  ['index', 6.5 * 1024],
  ['fallback', 10.5 * 1024],
  ['inbox', 2 * 1024],
  ['presence', 2 * 1024],
  ['react', 5 * 1024],
  ['server', 10 * 1024],
  ['fanfare-client', 12.5 * 1024],
]);

/** What `consumer/program.mjs` prints when all doors lead to the same library. */
const ALL_DOORS = {
  received: ['over a WebSocket', 'from a server'],
  refused: ['forbidden', 'unauthenticated'],
};

const versions = [...(await nodeVersions())];

let consumer: ConsumerFolder;
let built: string;
let packed: Packed;
let runtime: Runtime;

beforeAll(async () => {
  built = await mkdtemp(path.join(tmpdir(), 'fanfare-client-'));
  [consumer, runtime] = await Promise.all([
    ConsumerFolder.create(),
    startRuntime(),
    buildPackage('fanfare-client', built),
  ]);
  packed = await packPackage(built, consumer.path);
  await consumer.install(packed.tarball);
  for (const file of ['program.mjs', 'typed.ts']) await consumer.copy(path.join(CONSUMER, file), file);
});

afterAll(async () => {
  await Promise.all([runtime.close(), consumer.remove(), rm(built, { recursive: true })]);
});

/** Runs an application that goes through all doors against the runtime. */
async function run(file: string, node = process.execPath, version = process.version): Promise<unknown> {
  const { websocket, http, functionUrls } = runtime.urls;
  const places = [websocket, functionUrls[FALLBACK] ?? '', http, await mintServerToken(runtime)];
  // Node.js 20 has a WebSocket, and hides it.
  const flags = version.startsWith('v20.') ? ['--experimental-websocket'] : [];
  return JSON.parse(await runProgram(node, [...flags, file, ...places], consumer.path));
}

describe('the tarball', () => {
  it('is one package, with nothing beside it', async () => {
    const { size, unpackedSize, files } = packed;
    process.stdout.write(
      `npm i fanfare-client: 1 package, ${size} bytes packed, ${unpackedSize} unpacked, ${files.length} files.\n`,
    );

    expect(await consumer.installed()).toEqual(['fanfare-client']);
  });

  it('has no sources, and a licence of all code that is in it', async () => {
    expect(packed.files.filter((file) => !/\.(js|d\.ts|txt|md|json)$|^LICENSE$/.test(file))).toEqual([]);
    expect(packed.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md']));
    const licences = await readFile(path.join(built, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licences.split('\n---\n').map((text) => text.trim().split('\n')[0])).toEqual([
      'eventsource-parser',
      'valibot',
    ]);
  });

  it('names no condition that leads to a file which is not in it', async () => {
    expect(await readFile(path.join(built, 'package.json'), 'utf8')).not.toContain('fanfare-source');
  });

  it('has types that name no other package, but React in the door for it', async () => {
    const declarations = packed.files.filter((file) => file.endsWith('.d.ts'));
    const texts = await Promise.all(declarations.map((file) => readFile(path.join(built, file), 'utf8')));

    expect(declarations.length).toBeGreaterThan(5);
    expect(texts.join('\n').match(/from '[^.][^']*|import\('[^.][^']*|\bv\.|types="/g)).toEqual([
      "from 'react",
    ]);
  });

  it('loads React by no other door', async () => {
    const modules = packed.files.filter((file) => file.endsWith('.js'));
    const texts = await Promise.all(modules.map((file) => readFile(path.join(built, file), 'utf8')));
    const loading = modules.filter((_file, index) => /from ?['"]react['"]/.test(texts[index] ?? ''));

    expect(loading).toEqual(['react.js']);
  });

  it('is what publint wants', async () => {
    expect(await publintFindings(packed.tarball)).toBe('');
  });

  it('has types for every way in which modules are found', async () => {
    expect(await typesFindings(packed.tarball)).toBe('');
  });

  it('is as small as its pages say', async () => {
    const doors = [...MOST_BYTES.keys()].filter((door) => door !== 'fanfare-client');
    const measured = await sizes(built, doors);
    for (const [door, bytes] of measured)
      process.stdout.write(`fanfare-client, ${door}: ${bytes} bytes gzipped.\n`);

    expect([...measured.keys()]).toEqual([...MOST_BYTES.keys()]);
    expect([...measured].filter(([door, bytes]) => bytes > (MOST_BYTES.get(door) ?? 0))).toEqual([]);
  });

  it('has the public API that packages/client/api reports (`npm run build` writes it)', async () => {
    expect(await changedReports(built, false)).toEqual([]);
  });
});

describe('an application', () => {
  it.each(versions)('in Node.js %s goes through all doors', async (version, node) => {
    expect(await run('program.mjs', node, version)).toEqual(ALL_DOORS);
  });

  it('renders on a server with React', async () => {
    for (const name of ['react', 'react-dom']) await consumer.link(name);
    await consumer.copy(path.join(CONSUMER, 'rendered.mjs'), 'rendered.mjs');

    expect(await runProgram(process.execPath, ['rendered.mjs'], consumer.path)).toBe(
      '<p>connecting, 0 messages</p>',
    );
  });

  it('finds no other door', async () => {
    await consumer.write('inside.mjs', "await import('fanfare-client/lib/client.js');");

    await expect(runProgram(process.execPath, ['inside.mjs'], consumer.path)).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });

  it('bundled by Vite goes through all doors', async () => {
    await buildWithVite({
      root: consumer.path,
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: 'vite',
        target: 'es2022',
        lib: { entry: 'program.mjs', formats: ['es'], fileName: () => 'program.mjs' },
      },
    });

    expect(await run('vite/program.mjs')).toEqual(ALL_DOORS);
  });

  it('bundled by esbuild goes through all doors', async () => {
    await buildWithEsbuild({
      absWorkingDir: consumer.path,
      entryPoints: ['program.mjs'],
      bundle: true,
      format: 'esm',
      target: 'es2022',
      outfile: 'esbuild/program.mjs',
    });

    expect(await run('esbuild/program.mjs')).toEqual(ALL_DOORS);
  });
});

describe('TypeScript', () => {
  const LIBRARIES = [
    { name: 'a page', lib: ['es2022', 'dom'], types: [] },
    { name: 'a server', lib: ['es2022'], types: ['node'] },
  ];
  const RESOLUTIONS = [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ];
  const projects = LIBRARIES.flatMap((library) =>
    RESOLUTIONS.map(([moduleResolution, module]) => ({ ...library, moduleResolution, module })),
  );

  beforeAll(async () => {
    for (const name of ['@types/node', '@types/react', 'csstype']) await consumer.link(name);
  });

  it.each(projects)('of $name understands the types by $moduleResolution', async (project) => {
    const { lib, types, moduleResolution, module } = project;
    const file = `tsconfig.${lib.length}.${moduleResolution}.json`;
    const compilerOptions = {
      lib,
      types,
      moduleResolution,
      module,
      target: 'es2022',
      strict: true,
      noEmit: true,
    };
    await consumer.write(file, JSON.stringify({ compilerOptions, files: ['typed.ts'] }));

    await expect(runTool('tsc', ['-p', file], consumer.path)).resolves.toBe('');
  });
});

describe('the file for pages', () => {
  it('has what pages need of all doors', async () => {
    const file = pathToFileURL(path.join(built, 'fanfare-client.js')).href;
    const exported: object = await import(file);

    expect(Object.keys(exported).toSorted()).toEqual([
      'FanfareError',
      'connect',
      'connectWithFallback',
      'openInbox',
      'watchMembers',
    ]);
  });

  it.skipIf(isBrowserMissing)('is all that the page in the README takes', async () => {
    const site = await servePage({
      '/': {
        type: 'text/html',
        text: `<!doctype html>${await pageOfReadme(new URL(runtime.urls.http).host)}`,
      },
      '/fanfare-client.js': {
        type: 'text/javascript',
        text: await readFile(path.join(built, 'fanfare-client.js'), 'utf8'),
      },
    });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const printed = new Promise((resolve, reject) => {
        page.on('console', (message) => resolve(message.text()));
        page.on('pageerror', reject);
      });
      await page.goto(site.url);

      expect(await printed).toBe('Hello from a page');
    } finally {
      await Promise.all([browser.close(), site.close()]);
    }
  });

  /** The block of HTML, with the address of this runtime. */
  async function pageOfReadme(host: string): Promise<string> {
    const blocks = blocksOf('README.md', await readFile(path.join(built, 'README.md'), 'utf8'));
    const block = blocks.find(({ language }) => language === 'html');
    return (block?.code ?? '').replaceAll('localhost:8080', host);
  }
});
