/**
 * `fanfare/config` as a synthesis reads it, where no handler runs: without the SDK, which takes ten times as long to bundle as all
 * the rest.
 */

import type { OwnTable } from './own-table.ts';

// biome-ignore lint/performance/noBarrelFile: This is a public door.
export * from './declaration.ts';

export function table<Item extends object>(name: string): OwnTable<Item> {
  const fail = (): never => {
    throw new Error(
      `The table ${JSON.stringify(name)} can be used by a handler only, not while the file is loaded.`,
    );
  };
  return {
    get name() {
      return fail();
    },
    get: async () => fail(),
    put: async () => fail(),
    delete: async () => fail(),
  };
}
