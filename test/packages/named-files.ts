/** Which files of a package its manifest names. */

import path from 'node:path';

/** @returns each path in the manifest that begins with `./`, or is a program; sorted, and each once. */
export function filesNamedIn(manifest: string): string[] {
  const named = new Set<string>();
  JSON.parse(manifest, (key, value: unknown) => {
    const isFile =
      typeof value === 'string' && (value.startsWith('./') || (key in PROGRAMS && value.includes('/')));
    if (isFile) named.add(path.posix.normalize(value));
    return value;
  });
  return [...named].toSorted();
}

/** Programs are named without `./`. */
const PROGRAMS: Readonly<Record<string, true>> = { fanfare: true, 'fanfare-local': true };
