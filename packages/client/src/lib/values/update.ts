/** Computes a value from the one before, and begins again if another writer was faster. */

import type { NamedMessage } from 'fanfare-protocol/message';
import type { Published } from '../channel/outbox.ts';
import type { Settings } from '../settings/settings.ts';
import { FanfareError } from '../wire/errors.ts';

export interface Updated<Data = unknown> extends Published {
  /** What was written. */
  readonly data: Data;
}

/** The value that a computation begins with. */
export interface Base {
  readonly seq: number;
  readonly data: unknown;
}

/** Writers that wait at random lose a name this often only if something else is wrong, such as a loop without an end. Conflicts. */
const MOST_CONFLICTS = 20;

/** The first conflicts are repeated at once: `current` is fresh. */
const AT_ONCE = 3;

/** @throws FanfareError of the write; `conflict` after many conflicts. */
export async function update(
  { timers, retryMs }: Pick<Settings, 'timers' | 'retryMs'>,
  base: Base | undefined,
  change: (data: unknown) => unknown,
  write: (data: unknown, ifSeq: number) => Promise<Published>,
): Promise<Updated | undefined> {
  let before = base;
  for (let conflicts = 1; ; conflicts += 1) {
    const data = change(before?.data);
    if (data === undefined) return undefined;
    try {
      return { ...(await write(data, before?.seq ?? 0)), data };
    } catch (error) {
      const current = currentOf(error);
      if (current === undefined || conflicts >= MOST_CONFLICTS) throw error;
      before = current ?? undefined;
    }
    if (conflicts > AT_ONCE) await timers.pause(retryMs(conflicts - AT_ONCE));
  }
}

/** The value that a conflict has told; `undefined` if this is no conflict, or its reply had no room for the value. */
function currentOf(error: unknown): NamedMessage | null | undefined {
  return error instanceof FanfareError && error.code === 'conflict' ? error.current : undefined;
}
