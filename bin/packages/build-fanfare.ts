/**
 * Builds `fanfare`: the construct as one file, the compiled sources of the functions, which an app bundles with its configuration, and
 * the command. Everything but the command and these sources is CommonJS, which both kinds of modules can import.
 */

import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { CONFIG_MODULE } from '../../lib/bundling/sources.ts';
import { Emitted } from './emitted.ts';
import { readManifest } from './manifest.ts';
import { ROOT } from './places.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

const PROJECT = path.join(ROOT, 'bin/packages/fanfare.tsconfig.json');

/** The source of each door. */
const sources: Readonly<Record<string, string>> = {
  index: 'lib/index',
  config: CONFIG_MODULE,
};

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** What the app has installed, beside it. */
const external = ['aws-cdk-lib', 'constructs', 'esbuild'];

/** Faster parts of `ws` in other languages, which it does without. */
const OF_WS = ['bufferutil', 'utf-8-validate'];

/** The folder of compiled modules that functions are bundled of (`lib/bundling/sources.ts`). */
const FUNCTIONS = 'functions';

export async function buildFanfare(folder: string, built: string, doors: readonly string[]): Promise<void> {
  const dependencies = Object.keys((await readManifest(folder)).dependencies);
  const outputs = await Promise.all([
    build({
      ...SHARED,
      external: [...external, ...dependencies.filter((name) => name.startsWith('@aws-sdk/'))],
      entryPoints: Object.fromEntries(doors.map((door) => [door, `${sourceOf(door)}.ts`])),
      outdir: built,
      format: 'cjs',
      // A CommonJS module has no `import.meta`.
      define: { 'import.meta.url': 'moduleUrl' },
      banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    }),
    build({
      ...SHARED,
      external: [...external, ...dependencies, ...OF_WS],
      entryPoints: { cli: 'bin/fanfare-command.ts' },
      outdir: built,
      outExtension: { '.js': '.mjs' },
      format: 'esm',
      // `fanfare token` does not wait for what only `fanfare smoke` loads.
      splitting: true,
      chunkNames: 'cli-[hash]',
      // `ws` is CommonJS, and requires modules of Node.js.
      banner: {
        js: "#!/usr/bin/env node\nimport { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
      },
    }),
  ]);
  await emit(built, doors);
  await chmod(path.join(built, 'cli.mjs'), 0o755);
  const inputs = outputs.flatMap(({ metafile }) => inputsOf(metafile));
  await writeFile(path.join(built, 'THIRD-PARTY-LICENSES.txt'), await thirdPartyLicences(inputs));
}

async function emit(built: string, doors: readonly string[]): Promise<void> {
  const emitted = await Emitted.of(PROJECT, built, { placeOf, protocol: 'packages/protocol/src/' });
  await emitted.writeModules((name) => placeOf(name).startsWith(`${FUNCTIONS}/`));
  await emitted.writeDeclarations(doors.map(sourceOf));
  await emitted.remove();
  await writeFile(path.join(built, 'package.json'), '{ "type": "commonjs" }\n');
  await writeFile(path.join(built, FUNCTIONS, 'package.json'), '{ "type": "module" }\n');
}

/** A module of a function goes to `functions`, a declaration of a door to the top, and any other declaration to `types`. */
function placeOf(emitted: string): string {
  if (emitted.endsWith('.d.ts')) {
    const door = Object.keys(sources).find((name) => emitted === `${sources[name]}.d.ts`);
    return door === undefined ? `types/${withProtocol(emitted)}` : `${door}.d.ts`;
  }
  return /^(?:lambdas|packages\/protocol)\//.test(emitted)
    ? `${FUNCTIONS}/${withProtocol(emitted)}`
    : emitted;
}

const withProtocol = (emitted: string) => emitted.replace(/^packages\/protocol\/src\//, 'protocol/');

function sourceOf(door: string): string {
  const source = sources[door];
  if (source === undefined) throw new Error(`The door ${door} of fanfare has no source`);
  return source;
}

/** The files of which code is in the output: others were read, and then left out. */
function inputsOf({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}
