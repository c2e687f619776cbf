/** The contract of occupancy stores. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { OccupancyStore } from '../../lambdas/realtime/lifecycle/occupancy.ts';

let counter = 0;

export function occupancyContract(
  name: string,
  create: () => Promise<{ readonly occupancy: OccupancyStore }>,
): void {
  describe(`occupancy in ${name}`, () => {
    let store: OccupancyStore;
    let channel: string;

    beforeEach(async () => {
      ({ occupancy: store } = await create());
      counter += 1;
      channel = `open:occupancy${counter}`;
    });

    it('has no entry for a channel that was never subscribed to', async () => {
      expect(await store.read(channel)).toBeUndefined();
    });

    it('marks a change as untold until it is reported', async () => {
      await store.change(channel, undefined, { occupied: true, version: 7 });
      const known = { occupied: true, version: 7, told: 0 };
      expect(await store.read(channel)).toEqual(known);

      await store.tell(channel, known);

      expect(await store.read(channel)).toEqual({ ...known, told: 7 });
    });

    it('follows a version that was told with the next one', async () => {
      await store.change(channel, undefined, { occupied: true, version: 7 });
      await store.tell(channel, { occupied: true, version: 7, told: 0 });
      await store.change(channel, { occupied: true, version: 7, told: 7 }, { occupied: false, version: 8 });

      expect(await store.read(channel)).toEqual({ occupied: false, version: 8, told: 7 });
    });

    it('makes no version of a channel for which another worker has just made the first one', async () => {
      await store.change(channel, undefined, { occupied: true, version: 7 });
      await store.change(channel, undefined, { occupied: true, version: 9 });

      expect(await store.read(channel)).toMatchObject({ version: 7 });
    });

    it('makes no version after a version that has changed meanwhile', async () => {
      await store.change(channel, undefined, { occupied: true, version: 7 });
      await store.tell(channel, { occupied: true, version: 7, told: 0 });
      await store.change(channel, { occupied: true, version: 7, told: 7 }, { occupied: false, version: 8 });
      await store.change(channel, { occupied: true, version: 7, told: 7 }, { occupied: false, version: 9 });

      expect(await store.read(channel)).toMatchObject({ version: 8 });
    });

    it('makes no version after an untold version', async () => {
      await store.change(channel, undefined, { occupied: true, version: 7 });
      await store.change(channel, { occupied: true, version: 7, told: 0 }, { occupied: false, version: 8 });

      expect(await store.read(channel)).toEqual({ occupied: true, version: 7, told: 0 });
    });

    it('makes no version after a version that is no longer stored', async () => {
      await store.change(channel, { occupied: false, version: 7, told: 7 }, { occupied: true, version: 8 });

      expect(await store.read(channel)).toBeUndefined();
    });

    it('does not mark a version as told because an older version was told', async () => {
      await store.change(channel, undefined, { occupied: true, version: 7 });
      await store.tell(channel, { occupied: true, version: 7, told: 0 });
      await store.change(channel, { occupied: true, version: 7, told: 7 }, { occupied: false, version: 8 });

      await store.tell(channel, { occupied: true, version: 7, told: 0 });

      expect(await store.read(channel)).toEqual({ occupied: false, version: 8, told: 7 });
    });

    it('creates no row for a channel when a version is marked as told', async () => {
      await store.tell(channel, { occupied: false, version: 7, told: 0 });

      expect(await store.read(channel)).toBeUndefined();
    });
  });
}
