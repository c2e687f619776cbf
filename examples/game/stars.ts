/** Who has caught how many stars: one value for all pages, also for those that open later. */

import type { Values, ValueWatch } from 'fanfare-client/values';
import * as v from 'valibot';

const counts = v.fallback(v.record(v.string(), v.number()), {});

const sumOf = (data: unknown) => Object.values(v.parse(counts, data)).reduce((sum, count) => sum + count, 0);

export class Stars {
  readonly #values: Values;
  readonly #watch: ValueWatch;
  #tried = -1;

  constructor(values: Values) {
    this.#values = values;
    this.#watch = values.watch();
  }

  /** Of all players. */
  get caught(): number {
    return sumOf(this.#watch.values.get('stars')?.data);
  }

  of(player: string): number {
    return v.parse(counts, this.#watch.values.get('stars')?.data)[player] ?? 0;
  }

  /** Two players may reach a star at the same moment. The second one finds that there is a next star, and writes nothing. */
  async catch(player: string): Promise<void> {
    const star = this.caught;
    if (this.#tried === star) return;
    this.#tried = star;
    await this.#values.update('stars', (data) => {
      const before = v.parse(counts, data);
      return sumOf(data) === star ? { ...before, [player]: (before[player] ?? 0) + 1 } : undefined;
    });
  }
}
