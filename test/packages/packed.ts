/**
 * Our packages, each packed once in a run of the tests: to build and to pack all of them takes a processor half a minute. The first
 * test file that asks for a package packs it, and the others wait. A test that must pack by itself calls `pack`.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { exclusively } from '../../bin/packages/exclusive.ts';
import { type Packed, pack } from '../../bin/packages/pack.ts';
import { folderOf, type PublishedName, ROOT } from '../../bin/packages/places.ts';
import { runProgram } from '../../bin/packages/run-tool.ts';
import { packedFolder } from '../running/packed-folder.ts';

type Name = PublishedName | 'create-fanfare';

const packed = v.object({
  tarball: v.string(),
  size: v.number(),
  unpackedSize: v.number(),
  integrity: v.string(),
  files: v.array(v.string()),
});

/** The tarballs of all packages that were asked for are in one folder. */
export async function packedOnce(name: Name): Promise<Packed> {
  const facts = path.join(packedFolder(), `${name}.json`);
  return exclusively(path.join(packedFolder(), `${name}.lock`), async () => {
    const known = await readFile(facts, 'utf8').catch(() => undefined);
    if (known !== undefined) return v.parse(packed, JSON.parse(known));
    const made = await packAlone(name);
    await writeFile(facts, JSON.stringify(made));
    return made;
  });
}

/** The folder of the package as its tarball has it. No test changes what is in it. */
export async function unpackedOnce(name: Name): Promise<string> {
  const { tarball } = await packedOnce(name);
  const folder = path.join(packedFolder(), name);
  await exclusively(path.join(packedFolder(), `${name}.lock`), async () => {
    const isMade = await mkdir(folder).then(
      () => true,
      () => false,
    );
    if (isMade) await runProgram('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder]);
  });
  return folder;
}

/** `create-fanfare` is packed as it is: it has nothing to build. */
function packAlone(name: Name): Promise<Packed> {
  return name === 'create-fanfare'
    ? pack(ROOT, packedFolder(), ['-w', name])
    : pack(folderOf(name), packedFolder());
}
