/** Quantities of what AWS bills, and their dollars for each service by the project's price list. */

import { type Billable, prices } from '../packages/local/src/bill/prices.ts';
import { charge, listed } from './charge.ts';

/** Units by price: messages, GB-seconds, read units. */
export type Usage = Readonly<Partial<Record<Billable, number>>>;

/** Dollars by the name of the service. */
export type Bill = ReadonlyMap<string, number>;

export function billOf(usage: Usage): Bill {
  const bill = new Map<string, number>();
  for (const [item, price] of Object.entries(prices)) {
    const quantity = Object.entries(usage).find(([name]) => name === item)?.[1] ?? 0;
    const dollars = charge(item, quantity, listed(price)).reduce((sum, one) => sum + one.dollars, 0);
    if (dollars > 0) bill.set(price.service, (bill.get(price.service) ?? 0) + dollars);
  }
  return bill;
}

export function totalOf(bill: Bill): number {
  return [...bill.values()].reduce((sum, dollars) => sum + dollars, 0);
}
