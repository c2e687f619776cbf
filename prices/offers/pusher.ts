/** A month of Pusher Channels: the smallest plan that takes the load. */

import { charge, flat, type Offer, offer } from '../charge.ts';
import { pusherPlans } from '../foreign-prices.ts';
import { type Load, monthOf } from '../load.ts';

const DAYS_A_MONTH = 30;

export function pusherOffer(load: Load): Offer {
  const { publishes, deliveries } = monthOf(load);
  const perDay = (publishes + deliveries) / DAYS_A_MONTH;
  const plan = pusherPlans.find(
    ({ connections, messagesPerDay }) => load.connections <= connections && perDay <= messagesPerDay,
  );
  if (!plan) return { charges: [], dollars: undefined, note: 'larger than every plan with a listed price' };
  // The Sandbox costs nothing and is a charge all the same.
  return offer(charge(`plan ${plan.name}`, 1, flat('month', plan.dollars)));
}
