/** Which modules a test file loads, read from the text of its imports without running anything. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rootDoors } from '../house/root-doors.ts';

/** `import type` loads nothing. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^;]*?\sfrom\s+)?'([^']+)'/gm;

const PROTOCOL = 'fanfare-protocol/';

export interface Module {
  readonly text: string;
  /** Files of this repository, relative to its root. */
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

export class ImportGraph {
  readonly #modules = new Map<string, Module>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** The file itself and all files of this repository that it loads, by their paths relative to the root. */
  loadedBy(file: string): ReadonlyMap<string, Module> {
    const loaded = new Map<string, Module>();
    const waiting = [file];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (loaded.has(next)) continue;
      const module = this.#read(next);
      loaded.set(next, module);
      waiting.push(...module.files);
    }
    return loaded;
  }

  #read(file: string): Module {
    const known = this.#modules.get(file);
    if (known) return known;
    const text = readFileSync(path.join(this.#root, file), 'utf8');
    const imports = [...text.matchAll(IMPORT)].flatMap(([, specifier]) => specifier ?? []);
    const module = {
      text,
      files: imports.flatMap((specifier) => this.#fileOf(file, specifier) ?? []),
      packages: imports.filter((specifier) => !specifier.startsWith('.')),
    };
    this.#modules.set(file, module);
    return module;
  }

  #fileOf(importer: string, specifier: string): string | undefined {
    const door = rootDoors.get(specifier);
    if (door !== undefined) return door;
    const file = specifier.startsWith(PROTOCOL)
      ? `packages/protocol/src/${specifier.slice(PROTOCOL.length)}.ts`
      : path.posix.join(path.posix.dirname(importer), specifier);
    const isOurs = specifier.startsWith(PROTOCOL) || specifier.startsWith('.');
    return isOurs && /\.m?[jt]s$/.test(file) && existsSync(path.join(this.#root, file)) ? file : undefined;
  }
}
