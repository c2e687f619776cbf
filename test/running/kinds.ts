/** Which test files may share modules with others, which also load the runtime or the CDK, and which need a process of their own. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ImportGraph } from './import-graph.ts';

/** Code that changes a process for later files: mocks, clocks, variables, listeners. Vitest itself takes spies back after each file. */
const CHANGES_ITS_PROCESS =
  /\bvi\.(?:mock|doMock|stubEnv|stubGlobal|resetModules|useFakeTimers)\b|\bmockClient\(|\bprocess\.(?:chdir|on|exitCode)\b|\bdelete process\.env\b|\bprocess\.env(?:\.\w+|\[[^\]]*\])?\s*=[^=]|\bObject\.assign\(process\.env\b/;

/** The modules of the runtime take two seconds of a processor to load. */
const STARTS_A_RUNTIME = /\b(?:startRuntime|sharedRuntime)\b/;

const STARTS_PROGRAMS = /node:child_process/;

/** A hook at the top of a module that several files load: the module is run once, so only the first file would get the hook. */
const HOOKS_ITS_IMPORTER = /^(?:beforeEach|afterEach|beforeAll|afterAll)\(/m;

/** They read variables of the environment, but change none. */
const ONLY_READ = ['test/leaks/', 'test/running/'];

export const kinds = ['alone', 'runtime', 'stacks', 'shared'] as const;

/**
 * `alone` has a process of its own. `runtime` files share one that has loaded the local runtime, `stacks` files one that has loaded
 * the CDK, and `shared` files one that has loaded neither.
 */
export type Kind = (typeof kinds)[number];

export type FilesByKind = Readonly<Record<Kind, readonly string[]>>;

/** All test files below `test/`, by their paths relative to `root`. */
export function filesByKind(root: string): FilesByKind {
  const graph = new ImportGraph(root);
  const files = testFiles(root).map((file) => ({ file, kind: kindOf(file, graph) }));
  const of = (kind: Kind) => files.filter((one) => one.kind === kind).map(({ file }) => file);
  return { alone: of('alone'), runtime: of('runtime'), stacks: of('stacks'), shared: of('shared') };
}

/** Test files that call `tries`, and therefore do more in a long run. */
export function filesWithCounts(root: string): readonly string[] {
  const graph = new ImportGraph(root);
  return testFiles(root).filter((file) => graph.loadedBy(file).has('test/running/counts.ts'));
}

export function kindOf(file: string, graph: ImportGraph): Kind {
  const loaded = [...graph.loadedBy(file)];
  const tests = loaded.filter(
    ([name]) => name.startsWith('test/') && !ONLY_READ.some((folder) => name.startsWith(folder)),
  );
  const anyTest = (pattern: RegExp) => tests.some(([, { text }]) => pattern.test(text));
  const addsHooks = tests.some(([name, { text }]) => name !== file && HOOKS_ITS_IMPORTER.test(text));
  if (addsHooks || anyTest(CHANGES_ITS_PROCESS)) return 'alone';
  if (anyTest(STARTS_A_RUNTIME)) return 'runtime';
  if (anyTest(STARTS_PROGRAMS)) return 'alone';
  const loadsCdk = loaded.some(([, { packages }]) => packages.some(isOfCdk));
  return loadsCdk ? 'stacks' : 'shared';
}

function isOfCdk(specifier: string): boolean {
  return specifier === 'cdk-nag' || specifier.startsWith('aws-cdk-lib');
}

function testFiles(root: string): string[] {
  return readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.split(path.sep).join('/')}`)
    .sort();
}
