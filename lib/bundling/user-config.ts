/** Loads the configuration of an app at its synthesis: constructors are synchronous, so it is bundled and run at once. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { buildSync } from 'esbuild';
import type { FanfareConfig, StageInfo } from '../../lambdas/realtime/access/namespaces.ts';
import { BundleError, buildMistake } from './bundle-error.ts';
import { readingOptions } from './bundles.ts';
import { CONFIG_AT_SYNTHESIS, WORKING_FOLDER } from './sources.ts';

export interface UserConfig {
  /** Absolute path. */
  readonly file: string;
  /** The path as error messages have it. */
  readonly shown: string;
  readonly declare: (stage: StageInfo) => FanfareConfig;
  /** A hash of the file and of all files that it imports. */
  readonly fingerprint: string;
}

/** A file is loaded once in a process, as a module is. */
const loaded = new Map<string, UserConfig>();

/**
 * @param written The path of the file: absolute, or relative to the folder in which the app runs.
 * @throws BundleError for a file that is missing, that does not build, or that has no configuration as its default export.
 */
export function loadUserConfig(written: string): UserConfig {
  const file = path.resolve(written);
  const known = loaded.get(file);
  if (known) return known;
  if (!existsSync(file)) throw new BundleError(`There is no configuration ${written} in ${process.cwd()}.`);
  const relative = path.relative(process.cwd(), file);
  const shown = relative.startsWith('..') ? file : relative;
  const { code, fingerprint } = built(file);
  const config: UserConfig = { file, shown, declare: declarationIn(code, file, shown), fingerprint };
  loaded.set(file, config);
  return config;
}

function built(file: string): { readonly code: string; readonly fingerprint: string } {
  try {
    const options = readingOptions(file);
    const { outputFiles, metafile } = buildSync({
      ...options,
      alias: { ...options.alias, 'fanfare/config': CONFIG_AT_SYNTHESIS },
      entryPoints: [file],
      format: 'cjs',
      // A script has no `import.meta`, which handlers use to find files beside them.
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
      write: false,
      metafile: true,
    });
    return {
      code: outputFiles[0]?.text ?? '',
      fingerprint: fingerprintOf(file, Object.keys(metafile.inputs)),
    };
  } catch (error) {
    throw buildMistake(error);
  }
}

function fingerprintOf(file: string, inputs: readonly string[]): string {
  const hash = createHash('sha256').update(file);
  for (const input of inputs.toSorted()) {
    const content = readFileSync(path.resolve(WORKING_FOLDER, input));
    hash.update(`${input}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

function declarationIn(code: string, file: string, shown: string): UserConfig['declare'] {
  const module: { exports: { readonly default?: unknown } } = { exports: {} };
  const run = compileFunction(code, ['module', 'exports', 'require', '__filename', '__dirname'], {
    filename: file,
  });
  run(module, module.exports, createRequire(file), file, path.dirname(file));
  const { default: declare } = module.exports;
  if (isDeclaration(declare)) return declare;
  throw new BundleError(`${shown} has no configuration: write "export default defineConfig(...)".`);
}

/** What the function returns is checked by `check-config.ts`. */
function isDeclaration(value: unknown): value is UserConfig['declare'] {
  return typeof value === 'function';
}
