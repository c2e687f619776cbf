import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { linkedCode } from '../../../lib/assembly/linked-code.ts';
import { readAssembly } from '../../../packages/local/src/cloud-assembly/read-assembly.ts';
import { emptyFolder } from '../../local/empty-folder.ts';

/** The folder of the code of `connect` in an assembly, and its key. */
async function assembled(bundles: string, outdir: string) {
  const assembly = path.join(outdir, 'cdk.out');
  const app = new App({ outdir: assembly, analyticsReporting: false });
  const stack = new Stack(app, 'Fanfare');
  const code = linkedCode(bundles, assembly)('connect');
  new LambdaFunction(stack, 'Connect', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code });
  app.synth();
  const { template, codeFolder } = await readAssembly(outdir, 'Fanfare');
  const texts = JSON.stringify(template).match(/[0-9a-f]{64}\.zip/);
  const key = String(texts?.[0]);
  return { key, folder: codeFolder(key) };
}

describe('linked code', () => {
  let bundles: string;
  const write = (text: string) => writeFile(path.join(bundles, 'connect', 'index.mjs'), text);

  beforeEach(async () => {
    bundles = await emptyFolder();
    await mkdir(path.join(bundles, 'connect'));
    await write('one');
    await writeFile(path.join(bundles, 'connect', 'pool.mjs'), 'two');
  });

  it('is in the folder of the assembly where the template has it, and the CDK copies nothing', async () => {
    const { folder } = await assembled(bundles, await emptyFolder());

    expect((await readdir(folder)).sort()).toEqual(['index.mjs', 'pool.mjs']);
    const { ino } = await stat(path.join(bundles, 'connect', 'index.mjs'));
    expect((await stat(path.join(folder, 'index.mjs'))).ino).toBe(ino);
  });

  it('stays when the bundles are removed', async () => {
    const { folder } = await assembled(bundles, await emptyFolder());
    await rm(bundles, { recursive: true });

    expect(await readFile(path.join(folder, 'index.mjs'), 'utf8')).toBe('one');
  });

  it('has another key when its content is another', async () => {
    const outdir = await emptyFolder();
    const before = await assembled(bundles, outdir);
    const again = await assembled(bundles, outdir);
    await rm(path.join(bundles, 'connect', 'index.mjs'));
    await write('three');
    const after = await assembled(bundles, outdir);

    expect(again.key).toBe(before.key);
    expect(after.key).not.toBe(before.key);
    expect(await readFile(path.join(before.folder, 'index.mjs'), 'utf8')).toBe('one');
    expect(await readFile(path.join(after.folder, 'index.mjs'), 'utf8')).toBe('three');
  });
});
