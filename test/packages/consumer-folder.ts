/** An empty folder outside of the repository, for an application that installs a tarball. */

import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../bin/packages/places.ts';
import { runProgram } from '../../bin/packages/run-tool.ts';

export class ConsumerFolder {
  readonly path: string;

  private constructor(folder: string) {
    this.path = folder;
  }

  static async create(): Promise<ConsumerFolder> {
    const folder = await mkdtemp(path.join(tmpdir(), 'consumer-'));
    const consumer = new ConsumerFolder(folder);
    await consumer.write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
    return consumer;
  }

  /** Where an installed package is. */
  folderOf(name: string): string {
    return path.join(this.path, 'node_modules', name);
  }

  /** By `npm install`, which asks no registry: what a package without dependencies needs. */
  async install(tarball: string): Promise<void> {
    await runProgram('npm', ['install', tarball, '--offline', '--no-audit', '--no-fund'], this.path);
  }

  /** Unpacked as by `npm install`, without its dependencies. */
  async unpack(name: string, tarball: string): Promise<string> {
    const folder = this.folderOf(name);
    await mkdir(folder, { recursive: true });
    await runProgram('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder]);
    return folder;
  }

  /** Makes a package of the repository's own `node_modules` resolvable here. */
  async link(name: string): Promise<void> {
    const link = this.folderOf(name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(ROOT, 'node_modules', name), link, 'junction');
  }

  async write(name: string, text: string): Promise<string> {
    const file = path.join(this.path, name);
    await writeFile(file, text);
    return file;
  }

  async copy(from: string, name: string): Promise<string> {
    const to = path.join(this.path, name);
    await cp(from, to, { recursive: true });
    return to;
  }

  /** The packages in `node_modules`, without the files of npm itself. */
  async installed(): Promise<string[]> {
    const names = await readdir(path.join(this.path, 'node_modules'));
    return names.filter((name) => !name.startsWith('.'));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
