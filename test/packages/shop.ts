/** An app outside of the repository, with the packed `fanfare` and `fanfare-local`, and what runs it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import type { Packed } from '../../bin/packages/pack.ts';
import { ROOT } from '../../bin/packages/places.ts';
import { runProgram } from '../../bin/packages/run-tool.ts';
import { blocksOf } from '../docs/snippets/blocks.ts';
import { recordProcess } from '../leaks/evidence.ts';
import { ConsumerFolder } from './consumer-folder.ts';
import { packedOnce } from './packed.ts';

/** The packages beside it, as its developer has installed them. */
const OF_THE_APP = ['aws-cdk-lib', 'constructs', 'tsx', '@types/node', 'ws', '@types/ws'];

const manifest = v.object({ dependencies: v.optional(v.record(v.string(), v.string()), {}) });

const readyLine = v.object({
  apis: v.record(v.string(), v.string()),
  tables: v.array(v.string()),
  dynamodb: v.string(),
});

export type Ready = v.InferOutput<typeof readyLine>;

export class Shop {
  readonly folder: ConsumerFolder;
  readonly packed: Packed;

  private constructor(folder: ConsumerFolder, packed: Packed) {
    this.folder = folder;
    this.packed = packed;
  }

  /** @param write Writes the sources of the app. @default those of the page */
  static async create(write = writeApp): Promise<Shop> {
    const folder = await ConsumerFolder.create();
    const [fanfare, local, client] = await Promise.all([
      packedOnce('fanfare'),
      packedOnce('fanfare-local'),
      packedOnce('fanfare-client'),
    ]);
    const beside = new Set(OF_THE_APP);
    for (const [name, { tarball }] of [
      ['fanfare', fanfare],
      ['fanfare-local', local],
      ['fanfare-client', client],
    ] as const) {
      const installed = await folder.unpack(name, tarball);
      const text = await readFile(path.join(installed, 'package.json'), 'utf8');
      for (const dependency of Object.keys(v.parse(manifest, JSON.parse(text)).dependencies))
        beside.add(dependency);
    }
    for (const name of beside) await folder.link(name);
    await write(folder);
    await folder.write('package.json', JSON.stringify({ name: 'shop', private: true }));
    await folder.write('cdk.json', JSON.stringify({ app: 'node --import tsx app.ts' }));
    return new Shop(folder, fanfare);
  }

  /** Runs the app as the CDK command line does for a deployment. @returns the folder of its assembly. */
  async synthesize(): Promise<string> {
    const outdir = path.join(this.folder.path, 'cdk.out');
    await this.folder.write(
      'synthesize.mjs',
      `process.env.CDK_OUTDIR = 'cdk.out';\nprocess.env.CDK_DEFAULT_ACCOUNT = '111111111111';\nawait import('./app.ts');\n`,
    );
    await runProgram(process.execPath, ['--import', 'tsx', 'synthesize.mjs'], this.folder.path);
    return outdir;
  }

  /** Runs `npx fanfare token`. */
  async token(...flags: readonly string[]): Promise<string> {
    const command = path.join(this.folder.folderOf('fanfare'), 'dist/cli.mjs');
    return (await runProgram(process.execPath, [command, 'token', ...flags], this.folder.path)).trim();
  }

  /** Runs `npx fanfare-local` until the test file ends. */
  async serve(
    environment: Readonly<Record<string, string>> = {},
    ...flags: readonly string[]
  ): Promise<Served> {
    const command = path.join(this.folder.folderOf('fanfare-local'), 'bin/fanfare-local.mjs');
    const child = spawn(process.execPath, [command, '--json', '--port', '0', ...flags], {
      cwd: this.folder.path,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    recordProcess(child);
    return Served.of(child);
  }
}

/** The app of the page, with both constructs. The second one has the configuration of the first by an absolute path. */
async function writeApp(folder: ConsumerFolder): Promise<void> {
  const page = await readFile(path.join(ROOT, 'docs/into-your-app.md'), 'utf8');
  const codes = blocksOf('into-your-app.md', page).map(({ code }) => code);
  const block = (start: string) => codes.find((code) => code.startsWith(start)) ?? `The page has no ${start}`;
  const config = block('import { defineConfig');
  for (const name of ['realtime', 'support', 'announce']) await mkdir(path.join(folder.path, name));
  const support = block('new Fanfare(').replace("'support/", `'${folder.path}/support/`);
  await folder.write('app.ts', `${block('import { App')}\n${support}`);
  await folder.write('realtime/fanfare.config.ts', config);
  await folder.write('support/fanfare.config.ts', config);
  await folder.write('announce/index.mjs', block('import { EventBridgeClient'));
}

/** The running app. */
export class Served {
  readonly ready: Ready;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  private constructor(ready: Ready, child: ChildProcess, lines: AsyncIterator<string>) {
    this.ready = ready;
    this.child = child;
    this.lines = lines;
  }

  static async of(child: ReturnType<typeof spawn>): Promise<Served> {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('The app has no output');
    const lines = createInterface(stderr)[Symbol.asyncIterator]();
    const [line] = await once(createInterface(stdout), 'line');
    return new Served(v.parse(readyLine, JSON.parse(line)), child, lines);
  }

  urlOf(construct: string): string {
    const [, url] =
      Object.entries(this.ready.apis).find(([id]) => id.startsWith(`${construct}Gateway`)) ?? [];
    if (url === undefined) throw new Error(`There is no API of ${construct}`);
    return url;
  }

  /** The next line that the program says of a change of the source. */
  async told(pattern: RegExp): Promise<string> {
    for (let next = await this.lines.next(); !next.done; next = await this.lines.next())
      if (pattern.test(next.value)) return next.value;
    throw new Error(`The program ended, and said nothing of ${pattern}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGINT');
    await ended;
  }
}
