/** How every implementation finds the connections whose time is over; run on memory and on each DynamoDB API there is. */

import { userChannel } from 'fanfare-protocol/channel';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChargeStore } from '../../lambdas/realtime/access/charge-store.ts';
import type { ConnectionStore } from '../../lambdas/realtime/connections/connection-store.ts';
import type { ExpiryCursor, ExpiryStore } from '../../lambdas/realtime/connections/expiry.ts';
import type { SubscriptionStore } from '../../lambdas/realtime/connections/subscription-store.ts';
import { subscriptionFixture } from '../memory/memory-ports.ts';

const NOW = Date.UTC(2026, 10, 22, 12) / 1000;

interface Stores {
  readonly connections: ConnectionStore;
  readonly charges: ChargeStore;
  readonly subscriptions: SubscriptionStore;
  readonly expiry: ExpiryStore;
}

let counter = 0;

export function expiryContract(name: string, create: () => Promise<Stores>): void {
  describe(`connections whose time is over, in ${name}`, () => {
    let stores: Stores;
    let own: string;

    beforeEach(async () => {
      stores = await create();
      counter += 1;
      // A DynamoDB table outlives a test, so the items of this test have this prefix.
      own = `expiry${counter}-`;
    });

    const open = (id: string, closesAt?: number, handshakeUntil?: number) =>
      stores.connections.open(
        {
          connectionId: `${own}${id}`,
          expiresAt: NOW + 7_800,
          ...(closesAt !== undefined && { closesAt }),
          ...(handshakeUntil !== undefined && { handshakeUntil }),
        },
        [],
      );

    /** The items of this test in all lanes, each lane in its order. */
    async function expired(now: number) {
      const found: { readonly connectionId: string; readonly handshakeUntil?: number }[] = [];
      for (let lane = 0; lane < stores.expiry.lanes; lane++) {
        let after: ExpiryCursor | undefined;
        do {
          const page = await stores.expiry.expired(lane, now, after);
          found.push(...page.connections);
          after = page.next;
        } while (after !== undefined);
      }
      return found
        .filter(({ connectionId }) => connectionId.startsWith(own))
        .map(({ connectionId, ...rest }) => ({ id: connectionId.slice(own.length), ...rest }));
    }

    const idsExpired = async (now: number) => (await expired(now)).map(({ id }) => id).toSorted();

    it('are those that have an end, from the second of their end on', async () => {
      await open('early', NOW - 3_600);
      await open('now', NOW);
      await open('later', NOW + 1);
      await open('never');

      expect(await idsExpired(NOW)).toEqual(['early', 'now']);
      expect(await idsExpired(NOW + 1)).toEqual(['early', 'later', 'now']);
    });

    it('are found once each, over several pages, also when many end in one second', async () => {
      const ids = Array.from({ length: 400 }, (_, n) => String(n).padStart(3, '0'));
      await Promise.all(ids.map((id) => open(id, NOW - (Number(id) % 3))));

      expect(await idsExpired(NOW)).toEqual(ids);
    });

    it('are returned with the end of their handshake', async () => {
      await open('one', NOW, 1_795_000_000_123);

      expect(await expired(NOW)).toEqual([{ id: 'one', handshakeUntil: 1_795_000_000_123 }]);
    });

    it('stay while they are charged and join channels, and go when they are removed', async () => {
      await open('one', NOW);
      const bill = { costMs: 10, burstMs: 1_000, now: NOW * 1000, isBusy: false, isKnown: false };
      await stores.charges.charge(`${own}one`, bill);
      await stores.connections.addChannel(`${own}one`, { channel: 'open:a', shard: 0 }, 10);
      expect(await idsExpired(NOW)).toEqual(['one']);

      await stores.connections.remove(`${own}one`);

      expect(await idsExpired(NOW)).toEqual([]);
    });

    it('have rows that are kept for longer than messages are delivered', async () => {
      const connectionId = `${own}one`;
      const row = subscriptionFixture({
        channel: userChannel(own),
        connectionId,
        expiresAt: NOW,
        keptUntil: NOW + 7_800,
      });
      await stores.connections.open({ connectionId, expiresAt: NOW + 7_800, closesAt: NOW }, [row]);

      const { subscriptions } = await stores.subscriptions.page({ channel: userChannel(own), shard: 0 });

      expect(subscriptions).toEqual([row]);
    });
  });
}
