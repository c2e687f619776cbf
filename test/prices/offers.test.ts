/** Sums, beside sums that were made by hand. */

import { describe, expect, it } from 'vitest';
import { charge } from '../../prices/charge.ts';
import { loads, monthOf } from '../../prices/load.ts';
import { fanfareOffer } from '../../prices/offers/fanfare.ts';
import { ablyOffer, appSyncOffer, iotOffer } from '../../prices/offers/managed.ts';
import { ownServerOffer } from '../../prices/offers/own-server.ts';
import { pusherOffer } from '../../prices/offers/pusher.ts';
import { cheaperThanFanfare } from '../../prices/report.ts';

const [team, desk, rooms, audience] = loads;

describe('a month', () => {
  it('has 43,200 minutes, and a delivery for each subscriber of each message', () => {
    expect(monthOf(rooms)).toEqual({
      connectionMinutes: 432_000_000,
      publishes: 432_000_000,
      deliveries: 21_600_000_000,
      channels: 200,
      deliveriesPerSecond: 8_333.333333333334,
    });
  });
});

describe('a charge', () => {
  it('has a line for each step of the price that the quantity reaches', () => {
    const price = {
      unit: 'message',
      per: 1_000_000,
      steps: [
        { upTo: 1_000_000, dollars: 1 },
        { upTo: Number.POSITIVE_INFINITY, dollars: 0.5 },
      ],
    };

    expect(charge('messages', 3_000_000, price).map(({ quantity, dollars }) => [quantity, dollars])).toEqual([
      [1_000_000, 1],
      [2_000_000, 1],
    ]);
    expect(charge('messages', 500_000, price)).toHaveLength(1);
    expect(charge('messages', 0, price)).toEqual([]);
  });
});

describe('the sum', () => {
  it('of Fanfare for connections that get nothing is connection minutes, pings and rotations', () => {
    // Of one connection: a ping every nine minutes, half a ping more in each of 413.4 rotations.
    const quiet = fanfareOffer({ connections: 1, messages: 1e-9, subscribers: 1 });
    const of = (what: string) => quiet.charges.find((one) => one.what === what)?.dollars;

    expect(of('connection minutes')).toBeCloseTo(0.0108, 6);
    expect(of('messages in and out')).toBeCloseTo((2 * (4_800 + 0.5 * 413.4) + 3 * 413.4) / 1e6, 6);
    expect(quiet.dollars).toBeCloseTo(0.0245, 3);
  });

  it('of Fanfare has the price above a billion messages', () => {
    const messages = fanfareOffer(rooms).charges.filter(({ what }) => what === 'messages in and out');

    expect(messages.map(({ price }) => price)).toEqual([1, 0.8]);
  });

  it('of AppSync Events is 783.60 dollars for a quiet audience', () => {
    // 432,004,320 publishes and deliveries, 6,000,000 connects and subscribes; 4,320 million minutes at $0.08.
    expect(appSyncOffer(audience).dollars).toBeCloseTo(438.00432 + 345.6, 5);
  });

  it('of IoT Core has three prices for 22 billion messages', () => {
    expect(iotOffer(rooms).dollars).toBeCloseTo(34.56 + 1_000 + 3_200 + 17_032.6 * 0.7, 2);
  });

  it('of Ably has the smallest plan that takes the load, and says when it has none', () => {
    expect(ablyOffer(team).dollars).toBeCloseTo(29 + 47.52 * 2.5 + 4.32 + 0.432, 5);
    expect(ablyOffer(audience).note).toMatch(/^without the plan/);
  });

  it('of Pusher is the price of the smallest plan that takes the load, if there is one', () => {
    expect(pusherOffer(team).dollars).toBe(99);
    expect(pusherOffer(desk).dollars).toBe(699);
    expect(pusherOffer(rooms).dollars).toBeUndefined();
    expect(pusherOffer({ connections: 1, messages: 1, subscribers: 1 }).dollars).toBe(0);
  });

  it('of an own server is two small containers and a load balancer at least', () => {
    expect(ownServerOffer({ connections: 1, messages: 1e-6, subscribers: 1 }).dollars).toBeCloseTo(
      0.5 * 720 * 0.03238 + 720 * 0.00356 + 720 * 0.0225,
      2,
    );
    expect(ownServerOffer(rooms).charges.map(({ what }) => what)).toContain('1.5 vCPU');
  });
});

describe('the comparison', () => {
  it('says where Fanfare is dearer than others, and by how much', () => {
    expect(cheaperThanFanfare(audience)).toMatch(
      /^A server of your own \(Fanfare costs 5\.7 times that\), AppSync Events/,
    );
    expect(cheaperThanFanfare(desk)).toContain('Pusher (Fanfare costs 1.7 times that)');
  });
});
