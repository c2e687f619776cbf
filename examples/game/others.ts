/** The other players. Each update says all there is to know of its sender, so no earlier one has to be kept for newcomers. */

import * as v from 'valibot';
import { positionAt, type Update } from './interpolation.ts';

const player = v.object({
  x: v.number(),
  y: v.number(),
  /** How many updates a second the player sends. */
  rate: v.picklist([20, 10]),
});

export type Player = v.InferOutput<typeof player>;

/** A player who is silent for so long has left, or is cut off. Milliseconds. */
const GONE_MS = 2_000;

export class Others {
  readonly #updates = new Map<string, readonly (Player & Update)[]>();

  heard(name: string, data: unknown, at: number): void {
    const updates = this.#updates.get(name) ?? [];
    // More than two, because some come late and then together.
    this.#updates.set(name, [...updates.slice(-7), { ...v.parse(player, data), at }]);
  }

  /** The players who are there, each where it was two updates ago. */
  at(now: number): [name: string, player: Player][] {
    return [...this.#updates].flatMap(([name, updates]) => {
      const newest = updates.at(-1);
      if (!newest || now - newest.at > GONE_MS) return [];
      return [[name, { ...newest, ...positionAt(updates, now - 2_000 / newest.rate) }]];
    });
  }
}
