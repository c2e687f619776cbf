/**
 * Declarations of the CDK with nothing but the names that a report needs. The reporter takes 8 seconds of a processor to read those of
 * the CDK itself.
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const CDK = 'aws-cdk-lib';

/** `import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'`. */
const IMPORT = /\bimport (?:type )?\{(?<names>[^}]+)\} from ['"](?<module>aws-cdk-lib(?:\/[^'"]+)?)['"]/g;

/** A name that a declaration imports, and those inside of it that it reads: `DESTROY` of `RemovalPolicy`. */
interface Imported {
  readonly module: string;
  readonly name: string;
  readonly inside: readonly string[];
}

/**
 * Writes for each module of the CDK a declaration of the names that the declarations in `built` import.
 *
 * @param into The folder for the modules.
 * @returns the `paths` by which the compiler finds them.
 */
export async function writeCdkNames(built: string, into: string): Promise<Record<string, string[]>> {
  // The reporter takes only what is in a folder of this name for another package.
  const fileOf = (module: string) => path.join(into, 'node_modules', module, 'index.d.ts');
  for (const [module, names] of await namesByModule(built)) {
    await mkdir(path.dirname(fileOf(module)), { recursive: true });
    await writeFile(fileOf(module), [...names].map(([name, inside]) => declared(name, inside)).join(''));
  }
  return { [CDK]: [fileOf(CDK)], [`${CDK}/*`]: [fileOf(`${CDK}/*`)] };
}

type Names = Map<string, Set<string>>;

async function namesByModule(built: string): Promise<ReadonlyMap<string, Names>> {
  const modules = new Map<string, Names>();
  const files = await readdir(built, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.d.ts')))
    for (const { module, name, inside } of importedBy(await readFile(path.join(built, file), 'utf8'))) {
      const names: Names = modules.get(module) ?? new Map();
      modules.set(module, names.set(name, new Set([...(names.get(name) ?? []), ...inside])));
    }
  return modules;
}

function importedBy(text: string): Imported[] {
  return [...text.matchAll(IMPORT)].flatMap(({ groups: { module = '', names = '' } = {} }) =>
    names.split(',').map((imported) => {
      const [name = '', local = name] = imported
        .trim()
        .replace(/^type /, '')
        .split(' as ');
      const inside = [...text.matchAll(new RegExp(`\\b${local}\\.(?<inside>\\w+)`, 'g'))];
      return { module, name, inside: inside.flatMap(({ groups }) => groups?.['inside'] ?? []) };
    }),
  );
}

/** A class stands for a type of any kind, and a namespace for what has types inside of it. */
function declared(name: string, inside: ReadonlySet<string>): string {
  const types = [...inside].map((type) => `class ${type} {}`);
  const namespace = types.length > 0 ? `export declare namespace ${name} { ${types.join(' ')} }\n` : '';
  return `export declare class ${name} {}\n${namespace}`;
}
