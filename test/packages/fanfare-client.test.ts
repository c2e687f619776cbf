/** `fanfare-client` as applications get it: packed, installed outside of the repository, and used through all of its doors. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as buildWithEsbuild } from 'esbuild';
import { build as buildWithVite } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { apiOf, changedReports } from '../../bin/packages/api-report.ts';
import { MOST_BYTES, publintFindings, sizeFindings, sizes, typesFindings } from '../../bin/packages/check.ts';
import { doorsOf, readManifest } from '../../bin/packages/manifest.ts';
import { type Packed, pack } from '../../bin/packages/pack.ts';
import { ROOT } from '../../bin/packages/places.ts';
import { runProgram, runTool } from '../../bin/packages/run-tool.ts';
import { isBrowserMissing, launchBrowser, newPage } from '../browser.ts';
import { blocksOf } from '../docs/snippets/blocks.ts';
import { mintServerToken } from '../docs/snippets/server-token.ts';
import { FALLBACK } from '../e2e/fallback/fallback-stage.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { ConsumerFolder } from './consumer-folder.ts';
import { filesNamedIn } from './named-files.ts';
import { nodeVersions } from './node-versions.ts';
import { packedOnce, unpackedOnce } from './packed.ts';
import { servePage } from './serve-page.ts';

const CONSUMER = path.join(import.meta.dirname, 'consumer');

/** The output of `consumer/program.mjs` when all doors lead to the same library. */
const ALL_DOORS = {
  received: ['over a WebSocket', 'from a server'],
  refused: ['forbidden', 'unauthenticated'],
};

const versions = [...(await nodeVersions())];

let consumer: ConsumerFolder;
/** The package in the folder of its user. */
let installed: string;
let packed: Packed;
let runtime: Runtime;

beforeAll(async () => {
  [consumer, runtime, packed] = await Promise.all([
    ConsumerFolder.create(),
    startRuntime(),
    packedOnce('fanfare-client'),
  ]);
  await consumer.install(packed.tarball);
  installed = consumer.folderOf('fanfare-client');
  for (const file of ['program.mjs', 'typed.ts']) await consumer.copy(path.join(CONSUMER, file), file);
});

afterAll(async () => {
  await Promise.all([runtime.close(), consumer.remove()]);
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
  it('is one package, without a second one', async () => {
    const { size, unpackedSize, files } = packed;
    process.stdout.write(
      `npm i fanfare-client: 1 package, ${size} bytes packed, ${unpackedSize} unpacked, ${files.length} files.\n`,
    );

    expect(await consumer.installed()).toEqual(['fanfare-client']);
  });

  it('is the same when `npm pack -w fanfare-client` packs it', async () => {
    const other = await ConsumerFolder.create();
    onTestFinished(() => other.remove());

    expect(await pack(ROOT, other.path, ['-w', 'fanfare-client'])).toEqual({
      ...packed,
      tarball: path.join(other.path, path.basename(packed.tarball)),
    });
  });

  it('has no sources, and a licence of all code that is in it', async () => {
    expect(packed.files.filter((file) => !/^dist\/.+\.(js|d\.ts|txt)$/.test(file)).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    const licences = await readFile(path.join(installed, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licences.split('\n---\n').map((text) => text.trim().split('\n')[0])).toEqual([
      'eventsource-parser',
      'valibot',
    ]);
  });

  it('names no file that is not in it', async () => {
    expect(filesNamedIn(await readFile(path.join(installed, 'package.json'), 'utf8'))).toEqual(
      packed.files.filter((file) => /^dist\/[\w-]+(\.d)?\.[jt]s$|^package\.json$/.test(file)).toSorted(),
    );
  });

  it('has types that name no other package, but React in the door for it', async () => {
    const declarations = packed.files.filter((file) => file.endsWith('.d.ts'));
    const texts = await Promise.all(declarations.map((file) => readFile(path.join(installed, file), 'utf8')));

    expect(declarations.length).toBeGreaterThan(5);
    expect(texts.join('\n').match(/from '[^.][^']*|import\('[^.][^']*|\bv\.|types="/g)).toEqual([
      "from 'react",
    ]);
  });

  it('loads React by no other door', async () => {
    const modules = packed.files.filter((file) => file.endsWith('.js'));
    const texts = await Promise.all(modules.map((file) => readFile(path.join(installed, file), 'utf8')));
    const loading = modules.filter((_file, index) => /from ?['"]react['"]/.test(texts[index] ?? ''));

    expect(loading).toEqual(['dist/react.js']);
  });

  it('passes publint', async () => {
    expect(await publintFindings(packed.tarball)).toBe('');
  });

  it('has types for every way in which modules are found', async () => {
    expect(await typesFindings(packed.tarball)).toBe('');
  });

  it('is as small as its pages say', async () => {
    const doors = doorsOf(await readManifest(installed));
    const measured = await sizes(path.join(installed, 'dist'), doors);
    for (const [door, bytes] of measured)
      process.stdout.write(`fanfare-client, ${door}: ${bytes} bytes gzipped.\n`);

    expect([...measured.keys()].toSorted()).toEqual([...MOST_BYTES.keys()].toSorted());
    expect(sizeFindings(measured)).toEqual([]);
  });

  it('says in its README what each door weighs, at most a tenth too much', async () => {
    const readme = await readFile(path.join(installed, 'README.md'), 'utf8');
    const doors = [
      ...readme.matchAll(/^\| `fanfare-client(?:\/(?<door>\w+))?` \| (?<kilobytes>[\d.]+) KB/gm),
    ];
    const said = new Map(
      doors.map(({ groups }) => [groups?.['door'] ?? 'index', 1024 * Number(groups?.['kilobytes'])]),
    );
    const page = /one minified file, (?<kilobytes>[\d.]+) KB/.exec(readme)?.groups?.['kilobytes'];
    said.set('fanfare-client', 1024 * Number(page));
    const measured = await sizes(path.join(installed, 'dist'), [...MOST_BYTES.keys()].slice(0, -1));

    expect([...said.keys()].toSorted()).toEqual([...measured.keys()].toSorted());
    for (const [door, bytes] of measured) {
      expect(said.get(door), door).toBeGreaterThanOrEqual(bytes);
      expect(said.get(door), door).toBeLessThanOrEqual(bytes * 1.1);
    }
  });

  it('has the public API that packages/client/api reports (`npm run build` writes it)', async () => {
    expect(
      await changedReports(
        { ...apiOf('fanfare-client'), folder: await unpackedOnce('fanfare-client') },
        false,
      ),
    ).toEqual([]);
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

  it('cannot import another door', async () => {
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
    const file = pathToFileURL(path.join(installed, 'dist/fanfare-client.js')).href;
    const exported: object = await import(file);

    expect(Object.keys(exported).toSorted()).toEqual([
      'FanfareError',
      'actionsOf',
      'bytesOf',
      'connect',
      'connectWithActions',
      'connectWithFallback',
      'deleteMessage',
      'editMessage',
      'enveloped',
      'historyOf',
      'isEnvelope',
      'mark',
      'membersOf',
      'messagesNow',
      'messagesOf',
      'openInbox',
      'presenceHandlers',
      'request',
      'valuesOf',
      'watchMembers',
    ]);
  });

  it.skipIf(isBrowserMissing)('is the only file that the page in the README needs', async () => {
    const site = await servePage({
      '/': {
        type: 'text/html',
        text: `<!doctype html>${await pageOfReadme(new URL(runtime.urls.http).host)}`,
      },
      '/fanfare-client.js': {
        type: 'text/javascript',
        text: await readFile(path.join(installed, 'dist/fanfare-client.js'), 'utf8'),
      },
    });
    const browser = await launchBrowser();
    try {
      const page = await newPage(browser);
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
    const blocks = blocksOf('README.md', await readFile(path.join(installed, 'README.md'), 'utf8'));
    const block = blocks.find(({ language }) => language === 'html');
    return (block?.code ?? '').replaceAll('localhost:8080', host);
  }
});
