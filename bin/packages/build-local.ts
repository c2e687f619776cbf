/**
 * Builds `fanfare-local`: each source file is compiled by itself and in its place, because threads and functions are loaded by a
 * URL beside the file that names them.
 */

import { Emitted, placesIn } from './emitted.ts';

export async function buildLocal(folder: string, built: string, doors: readonly string[]): Promise<void> {
  const emitted = await Emitted.of(folder, built, placesIn(folder));
  await emitted.writeModules();
  await emitted.writeDeclarations(doors.map((door) => `local/src/${door}`));
  await emitted.remove();
}
