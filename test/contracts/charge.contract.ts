/** How every implementation charges connections for frames; run on memory and on each DynamoDB API there is. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Charge, ChargeRequest, ChargeStore } from '../../lambdas/realtime/access/charge-store.ts';
import type { ConnectionStore } from '../../lambdas/realtime/connections/connection-store.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const BURST_MS = 1_000;

let counter = 0;

interface ChargedStores {
  readonly connections: ConnectionStore;
  readonly charges: ChargeStore;
}

export function chargeContract(name: string, create: () => Promise<ChargedStores>): void {
  /** A wrong guess costs a request and changes nothing else. */
  describe.each([false, true])(`a charge in ${name}, of a connection that is thought busy: %s`, (isBusy) => {
    let connections: ConnectionStore;
    let charges: ChargeStore;
    let connectionId: string;

    beforeEach(async () => {
      ({ connections, charges } = await create());
      counter += 1;
      // An id of its own for every test, because a DynamoDB table outlives one.
      connectionId = `charged${counter}`;
      await connections.open({ connectionId, expiresAt: NOW / 1000 + 60 }, []);
    });

    const charge = (costMs: number, now = NOW, more: Partial<ChargeRequest> = {}): Promise<Charge> =>
      charges.charge(connectionId, { costMs, burstMs: BURST_MS, now, isBusy, isKnown: false, ...more });

    it('makes a connection that was never charged busy from now on', async () => {
      expect(await charge(100)).toEqual({ kind: 'charged', busyUntil: NOW + 100 });
    });

    it('is added to the earlier charges of a busy connection', async () => {
      await charge(100);

      expect(await charge(200)).toEqual({ kind: 'charged', busyUntil: NOW + 300 });
      expect(await charge(50, NOW + 250)).toEqual({ kind: 'charged', busyUntil: NOW + 350 });
    });

    it.each([100, 101, 5_000])(
      'begins anew for a connection that is idle again, %i ms later',
      async (later) => {
        await charge(100);

        expect(await charge(30, NOW + later)).toEqual({ kind: 'charged', busyUntil: NOW + later + 30 });
      },
    );

    it('may take a connection ahead of the clock by the burst, and not by a millisecond more', async () => {
      await charge(900);

      expect(await charge(101)).toEqual({ kind: 'limited', busyUntil: NOW + 900 });
      expect(await charge(100)).toEqual({ kind: 'charged', busyUntil: NOW + BURST_MS });
      expect(await charge(1)).toEqual({ kind: 'limited', busyUntil: NOW + BURST_MS });
      expect(await charge(1, NOW + 1)).toEqual({ kind: 'charged', busyUntil: NOW + 1 + BURST_MS });
    });

    it('may be as much as the burst at once for an idle connection', async () => {
      expect(await charge(BURST_MS)).toEqual({ kind: 'charged', busyUntil: NOW + BURST_MS });
    });

    it('that is refused costs nothing', async () => {
      await charge(900);
      for (let n = 0; n < 5; n++) await charge(500);

      expect(await charge(100)).toEqual({ kind: 'charged', busyUntil: NOW + BURST_MS });
    });

    it('does not bring a connection back that is gone', async () => {
      await charge(100);
      await connections.remove(connectionId);

      expect(await charge(100)).toEqual({ kind: 'gone' });
      expect(await charge(100)).toEqual({ kind: 'gone' });
      expect(await connections.addChannel(connectionId, { channel: 'open:a', shard: 0 }, 10)).toEqual({
        kind: 'gone',
      });
    });

    it('does not look for a connection that its caller knows', async () => {
      await connections.remove(connectionId);

      expect(await charge(100, NOW, { isKnown: true })).toEqual({ kind: 'charged', busyUntil: NOW + 100 });
    });

    it('leaves the channels of the connection as they are', async () => {
      const placement = { channel: 'open:a', shard: 3 };
      await connections.addChannel(connectionId, placement, 10);
      await charge(100);

      expect(await connections.remove(connectionId)).toEqual([placement]);
    });

    it('that comes at once with many others takes the connection no further than the burst', async () => {
      await charge(1);
      const charges = await Promise.all(Array.from({ length: 30 }, () => charge(99)));

      const charged = charges.filter(({ kind }) => kind === 'charged');
      expect(charged).toHaveLength(10);
      expect(charged.map((one) => 'busyUntil' in one && one.busyUntil - NOW).toSorted()).toEqual(
        Array.from({ length: 10 }, (_, n) => 1 + 99 * (n + 1)).toSorted(),
      );
      expect(await charge(9)).toEqual({ kind: 'charged', busyUntil: NOW + BURST_MS });
    });

    it('is in total at most the burst, when many come at once to an idle connection', async () => {
      const charges = await Promise.all(Array.from({ length: 30 }, () => charge(99)));
      const charged = charges.filter(({ kind }) => kind === 'charged').length;

      expect(charged).toBeGreaterThan(0);
      expect(charged).toBeLessThanOrEqual(10);
      // The rest of the burst is exactly the part that was not charged.
      expect(await charge(BURST_MS - charged * 99)).toEqual({ kind: 'charged', busyUntil: NOW + BURST_MS });
    });
  });
}
