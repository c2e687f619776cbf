/**
 * Installs the peers' published packages, each into a folder of its own below `.local/`. They are no dependencies of this
 * repository: they would be in every installation and every audit of it, for one benchmark.
 */

import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { packPackage } from '../../bin/packages/pack.ts';
import { ROOT } from '../../bin/packages/places.ts';
import { runProgram } from '../../bin/packages/run-tool.ts';
import type { Peer } from './peer.ts';

const FOLDER = path.join(ROOT, '.local/peers');

/** The server of socket.io, the only one of the peers' servers that the registry has. */
const SOCKET_IO_SERVER = { name: 'socket.io', version: '4.8.4' };

export interface Footprint {
  readonly packages: number;
  readonly bytes: number;
}

const folderOf = (name: string) => path.join(FOLDER, name.replace('@', '').replace('/', '-'));

/** Where the client can be imported. */
export const folderOfPeer = ({ name }: Peer): string => folderOf(name);

export const socketIoServerPath = (): string =>
  path.join(folderOf(SOCKET_IO_SERVER.name), 'node_modules', SOCKET_IO_SERVER.name, 'dist/index.js');

export async function installPeer(peer: Peer): Promise<Footprint> {
  const folder = folderOfPeer(peer);
  const what = peer.install ? `${peer.install.name}@${peer.install.version}` : await packedClient();
  await install(folder, what);
  return footprintOf(folder);
}

export async function installSocketIoServer(): Promise<void> {
  await install(folderOf(SOCKET_IO_SERVER.name), `${SOCKET_IO_SERVER.name}@${SOCKET_IO_SERVER.version}`);
}

async function packedClient(): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  return (await packPackage('fanfare-client', FOLDER)).tarball;
}

/** Without the scripts of the packages. */
async function install(folder: string, what: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await runProgram('npm', ['install', what, '--save-exact', ...quiet], folder);
}

const lock = v.pipe(v.string(), v.parseJson(), v.object({ packages: v.record(v.string(), v.unknown()) }));

async function footprintOf(folder: string): Promise<Footprint> {
  const modules = path.join(folder, 'node_modules');
  const { packages } = v.parse(lock, await readFile(path.join(modules, '.package-lock.json'), 'utf8'));
  const files = await readdir(modules, { recursive: true, withFileTypes: true });
  const own = files.filter((file) => file.isFile() && file.name !== '.package-lock.json');
  const sizes = await Promise.all(
    own.map(async (file) => (await stat(path.join(file.parentPath, file.name))).size),
  );
  return { packages: Object.keys(packages).length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
