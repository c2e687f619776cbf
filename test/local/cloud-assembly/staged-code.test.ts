import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { linkSdk, stageCode } from '../../../packages/local/src/cloud-assembly/staged-code.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'staged-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return realpath(folder);
}

describe('stageCode', () => {
  it('copies only the needed code', async () => {
    const [project, outdir] = [await newFolder(), await newFolder()];
    await mkdir(path.join(project, 'asset.one'));
    await writeFile(path.join(project, 'asset.one', 'index.js'), 'the code');
    const files = new Map([
      ['one.zip', path.join(project, 'asset.one')],
      ['other.zip', path.join(project, 'asset.other')],
    ]);
    const folders = await stageCode(files, ['one.zip', 'one.zip'], outdir);

    expect([...folders.keys()]).toEqual(['one.zip']);
    expect(await readFile(path.join(folders.get('one.zip') ?? '', 'index.js'), 'utf8')).toBe('the code');
    expect(folders.get('one.zip')).toMatch(outdir);
  });

  it('names missing code and packed code', async () => {
    const [project, outdir] = [await newFolder(), await newFolder()];
    const packed = path.join(project, 'code.zip');
    await writeFile(packed, '');

    await expect(stageCode(new Map(), ['x.zip'], outdir)).rejects.toThrow(
      new StartError('The code x.zip is not beside the template.'),
    );
    await expect(stageCode(new Map([['x.zip', packed]]), ['x.zip'], outdir)).rejects.toThrow(
      new StartError(`The code ${packed} is packed; the local runtime wants a folder.`),
    );
  });
});

describe('linkSdk', () => {
  it('leaves what a start before it has linked', async () => {
    const [project, outdir] = [await newFolder(), await newFolder()];
    await linkSdk(outdir, project);
    const before = await readdir(path.join(outdir, 'node_modules', '@aws-sdk'));
    await linkSdk(outdir, project);

    expect(await readdir(path.join(outdir, 'node_modules', '@aws-sdk'))).toEqual(before);
  });

  it('takes the SDK of the project or else our own, and no other module of the project', async () => {
    const [project, outdir] = [await newFolder(), await newFolder()];
    const own = path.join(project, 'node_modules', '@aws-sdk', 'client-s3');
    await mkdir(own, { recursive: true });
    await mkdir(path.join(project, 'node_modules', 'left-pad'));
    await linkSdk(outdir, project);
    const linked = path.join(outdir, 'node_modules');

    expect(await realpath(path.join(linked, '@aws-sdk', 'client-s3'))).toBe(own);
    expect(await readdir(path.join(linked, '@aws-sdk'))).toContain('client-dynamodb');
    expect((await readdir(linked)).toSorted()).toEqual(['@aws-sdk', '@smithy']);
  });

  it('takes the SDK of the project before our own', async () => {
    const [project, outdir] = [await newFolder(), await newFolder()];
    const own = path.join(project, 'node_modules', '@aws-sdk', 'client-dynamodb');
    await mkdir(own, { recursive: true });
    await linkSdk(outdir, project);

    expect(await realpath(path.join(outdir, 'node_modules', '@aws-sdk', 'client-dynamodb'))).toBe(own);
  });
});
