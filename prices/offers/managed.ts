/** A month with managed services that are charged by use: AppSync Events, IoT Core, Ably. */

import { charge, flat, type Offer, offer } from '../charge.ts';
import { ablyPlans, foreignPrices } from '../foreign-prices.ts';
import { type Load, MINUTES_A_MONTH, monthOf } from '../load.ts';

/** A connection lasts a day at most, so each month it connects and subscribes this often. */
const CONNECTS_A_MONTH = 30;

/** No history, no resuming, no presence, no order: what Fanfare adds is not in this price. */
export function appSyncOffer(load: Load): Offer {
  const { publishes, deliveries, connectionMinutes } = monthOf(load);
  return offer([
    ...charge('connection minutes', connectionMinutes, foreignPrices.appSyncMinute),
    ...charge(
      'operations',
      publishes + deliveries + 2 * CONNECTS_A_MONTH * load.connections,
      foreignPrices.appSyncOperation,
    ),
  ]);
}

/** Over MQTT with QoS 0. Pings are free, at most one in 30 seconds. */
export function iotOffer(load: Load): Offer {
  const { publishes, deliveries, connectionMinutes } = monthOf(load);
  return offer([
    ...charge('connection minutes', connectionMinutes, foreignPrices.iotMinute),
    ...charge(
      'messages in and out',
      publishes + deliveries + 2 * CONNECTS_A_MONTH * load.connections,
      foreignPrices.iotMessage,
    ),
  ]);
}

/** By use, above the price of the smallest plan that takes the load. */
export function ablyOffer(load: Load): Offer {
  const { publishes, deliveries, connectionMinutes, channels } = monthOf(load);
  const perSecond = (publishes + deliveries) / MINUTES_A_MONTH / 60;
  const plan = ablyPlans.find(
    ({ connections, messagesPerSecond }) => load.connections <= connections && perSecond <= messagesPerSecond,
  );
  const byUse = [
    ...charge('messages', publishes + deliveries, foreignPrices.ablyMessage),
    ...charge('connection minutes', connectionMinutes, foreignPrices.ablyMinute),
    ...charge('channel minutes', channels * MINUTES_A_MONTH, foreignPrices.ablyChannelMinute),
  ];
  if (!plan) return offer(byUse, 'without the plan, whose price is on request, and without its discounts');
  return offer([...charge(`plan ${plan.name}`, 1, flat('month', plan.dollars)), ...byUse]);
}
