/** 200 vehicles that drive through the town by chance. */

import type { Positions } from './positions.ts';
import { type Place, roads } from './town.ts';

const VEHICLES = 200;

export class Fleet {
  readonly #vehicles = Array.from({ length: VEHICLES }, (_, id) => {
    const road = roads[id % roads.length] ?? [];
    // There and back, so that each road is a round trip.
    const trip = [...road, ...road.toReversed()];
    return { id, trip, step: Math.floor(trip.length * Math.random()) };
  });

  get all(): Positions {
    return this.#vehicles.map(positionOf);
  }

  /** One second, in which about a third of the vehicles wait. @returns those that have moved. */
  drive(): Positions {
    const moving = this.#vehicles.filter(() => Math.random() > 1 / 3);
    for (const vehicle of moving) vehicle.step = (vehicle.step + 1) % vehicle.trip.length;
    return moving.map(positionOf);
  }
}

interface Vehicle {
  readonly id: number;
  readonly trip: readonly Place[];
  readonly step: number;
}

function positionOf({ id, trip, step }: Vehicle): Positions[number] {
  const [east, north] = trip[step] ?? [0, 0];
  return [id, Math.round(east), Math.round(north)];
}
