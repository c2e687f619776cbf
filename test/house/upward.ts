/** Imports that lead up in the best order of rooms: the fewest that must go until there is an order. */

import { components } from './circles.ts';
import { edgesOf, type Import } from './import-graph.ts';

export function importsUpward(
  rooms: readonly string[],
  imports: readonly Import[],
  roomOf: (file: string) => string,
): Import[] {
  return components(edgesOf(rooms, imports, roomOf)).flatMap((circle) => {
    const inside = imports.filter(
      ({ from, to }) => circle.includes(roomOf(from)) && circle.includes(roomOf(to)),
    );
    const floor = new Map(improved(circle, weights(inside, roomOf)).map((room, index) => [room, index]));
    return inside.filter(({ from, to }) => (floor.get(roomOf(from)) ?? 0) < (floor.get(roomOf(to)) ?? 0));
  });
}

/** How many imports lead from one room to another. */
type Weights = (from: string, to: string) => number;

function weights(imports: readonly Import[], roomOf: (file: string) => string): Weights {
  const counts = new Map<string, number>();
  for (const { from, to } of imports) {
    const pair = `${roomOf(from)} ${roomOf(to)}`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return (from, to) => counts.get(`${from} ${to}`) ?? 0;
}

/** Moves single rooms to the place where the fewest of their imports lead up, until no move is better. Lowest room first. */
function improved(rooms: readonly string[], imports: Weights): string[] {
  let order = [...rooms];
  for (let isBetter = true; isBetter; ) {
    isBetter = false;
    for (const room of rooms) {
      const { at, gain } = bestPlace(room, order, imports);
      if (gain <= 0) continue;
      order = order.filter((other) => other !== room);
      order.splice(at, 0, room);
      isBetter = true;
    }
  }
  return order;
}

function bestPlace(room: string, order: readonly string[], imports: Weights): { at: number; gain: number } {
  const others = order.filter((other) => other !== room);
  // At the bottom, each import of this room leads up, and each import of it leads down.
  let upward = others.reduce((sum, other) => sum + imports(room, other), 0);
  const costs = [upward];
  for (const passed of others) {
    upward += imports(passed, room) - imports(room, passed);
    costs.push(upward);
  }
  const cheapest = Math.min(...costs);
  return { at: costs.indexOf(cheapest), gain: (costs[order.indexOf(room)] ?? cheapest) - cheapest };
}
