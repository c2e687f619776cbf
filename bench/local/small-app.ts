/** An app of three functions, in a template of the shape that CDK synthesizes: an echo, and two ways to broadcast. */

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Assembly } from '../../lib/assembly/assembly.ts';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../test/fixtures/web-socket-template.ts';

const ECHO = `export const handler = async ({ body }) => ({ statusCode: 200, body });`;

/** Sends the client its connection id, which it cannot know otherwise. */
const WHO = `export const handler = async ({ requestContext }) => ({ statusCode: 200, body: requestContext.connectionId });`;

/** Some of the SDK's dependencies are CommonJS and call `require`, which an ES module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const routes = ['echo', 'who', 'sdk', 'poster'] as const;

export async function assembleSmallApp(outdir: string): Promise<Assembly> {
  await Promise.all([
    writeFunction(outdir, 'echo', ECHO),
    writeFunction(outdir, 'who', WHO),
    bundle(outdir, 'sdk', 'post-with-sdk.ts'),
    bundle(outdir, 'poster', 'post-with-poster.ts'),
  ]);
  const properties = { MemorySize: 1_769 };
  const fixtures = Object.fromEntries(routes.map((code) => [code, { code, replies: true, properties }]));
  return {
    template: parseTemplate(webSocketTemplate(fixtures)),
    codeFolder: (s3Key) => path.join(outdir, s3Key),
  };
}

async function writeFunction(outdir: string, name: string, source: string): Promise<void> {
  await mkdir(path.join(outdir, name), { recursive: true });
  await writeFile(path.join(outdir, name, 'index.mjs'), source);
}

async function bundle(outdir: string, name: string, file: string): Promise<void> {
  await build({
    entryPoints: { index: fileURLToPath(new URL(file, import.meta.url)) },
    outdir: path.join(outdir, name),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
}
