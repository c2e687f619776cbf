/** Calls back when the source of the functions changes. */

import { type FSWatcher, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Editors write a file in several steps; one reload covers them. Milliseconds. */
const SETTLE_MS = 100;

const SOURCES = ['../lambdas', '../protocol', '../fanfare.config.ts'];

/** Watches until `close` is called on what is returned. */
export function watchSources(onChange: () => void): { close(): void } {
  let settled: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(settled);
    settled = setTimeout(onChange, SETTLE_MS);
  };
  const watchers: FSWatcher[] = SOURCES.map((source) =>
    watch(fileURLToPath(new URL(source, import.meta.url)), { recursive: true }, changed),
  );
  return {
    close() {
      clearTimeout(settled);
      for (const watcher of watchers) watcher.close();
    },
  };
}
