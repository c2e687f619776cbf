/** The Node.js that runs the tests, and every other major version that is installed. */

import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Each has a folder for each version, and Node.js in it at this place. */
const MANAGERS = [
  [path.join(process.env['NVM_DIR'] ?? path.join(homedir(), '.nvm'), 'versions/node'), 'bin/node'],
  [path.join(homedir(), '.volta/tools/image/node'), 'bin/node'],
  [path.join(homedir(), '.local/share/fnm/node-versions'), 'installation/bin/node'],
  [path.join(homedir(), '.local/share/mise/installs/node'), 'bin/node'],
  ['/opt/hostedtoolcache/node', 'x64/bin/node'],
] as const;

const OLDEST_MAJOR = 20;

/** `NODE_BINARIES` names more of them, with `:` between two. */
export async function nodeVersions(): Promise<ReadonlyMap<string, string>> {
  const named = (process.env['NODE_BINARIES'] ?? '').split(path.delimiter);
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'));
  const managed = await Promise.all(
    MANAGERS.map(async ([folder, binary]) => {
      const versions = await readdir(folder).catch(() => []);
      return versions.map((version) => path.join(folder, version, binary));
    }),
  );
  const files = new Set(
    [process.execPath, ...named, ...onPath, ...managed.flat()].filter((file) => file !== ''),
  );
  const versions = await Promise.all([...files].map(async (file) => [file, await versionOf(file)] as const));
  const byMajor = new Map<number, readonly [version: string, file: string]>();
  for (const [file, version] of versions) {
    const major = Number(/^v(?<major>\d+)/.exec(version)?.groups?.['major']);
    if (major >= OLDEST_MAJOR && !byMajor.has(major)) byMajor.set(major, [version, file]);
  }
  return new Map(byMajor.values());
}

/** Empty if the binary is missing or does not run. */
async function versionOf(file: string): Promise<string> {
  return run(file, ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}
