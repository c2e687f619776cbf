/** What each load costs with each provider, as text for a terminal and as tables for a page. */

import { PRICES_READ_ON } from '../packages/local/src/bill/prices.ts';
import type { Charge, Offer } from './charge.ts';
import { FOREIGN_PRICES_READ_IN } from './foreign-prices.ts';
import { type Load, monthOf } from './load.ts';
import { offers } from './offers/offers.ts';

interface NamedOffer extends Offer {
  readonly name: string;
}

export function offersFor(load: Load): NamedOffer[] {
  return Object.entries(offers).map(([name, offerFor]) => ({ name, ...offerFor(load) }));
}

/** Everything about one load: what it is, and each sum with its arithmetic. */
export function costReport(load: Load): string {
  return [
    `${loadText(load)}.`,
    `A month of 30 days. List prices of us-east-1 (Fanfare ${PRICES_READ_ON}, others ${FOREIGN_PRICES_READ_IN}), without free tiers and data transfer.`,
    '',
    ...offersFor(load).map(offerText),
  ].join('\n');
}

export function loadText(load: Load): string {
  const { deliveriesPerSecond } = monthOf(load);
  return [
    `${counted(load.connections, 'connection')} all the time`,
    `${counted(load.messages, 'message')} of 1 KB in a minute`,
    `each to ${counted(load.subscribers, 'subscriber')}`,
    `${number(deliveriesPerSecond)} deliveries a second`,
  ].join(', ');
}

export function offerText({ name, charges, dollars, note }: NamedOffer): string {
  const sum = dollars === undefined ? 'no listed price' : money(dollars);
  return [`${name}: ${sum}${note === undefined ? '' : ` (${note})`}`, ...charges.map(chargeText)].join('\n');
}

function chargeText({ what, quantity, unit, price, per, dollars }: Charge): string {
  const label = what.includes(unit) ? what : `${what} (${unit})`;
  const each = `$${price.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 12 })}`;
  return `  ${label}: ${number(quantity)} x ${each}${per === 1 ? '' : ` / ${number(per)}`} = ${money(dollars)}`;
}

/** A load in a row: the sum of each provider, and what Fanfare is beside them. */
export function sums(load: Load): string[] {
  return offersFor(load).map(({ dollars }) => (dollars === undefined ? 'not listed' : money(dollars)));
}

/** Who is cheaper than Fanfare and by how many times, the cheapest first. */
export function cheaperThanFanfare(load: Load): string {
  const all = offersFor(load);
  const own = all.find(({ name }) => name === 'Fanfare')?.dollars ?? 0;
  const cheaper = all
    .flatMap(({ name, dollars }) => (dollars !== undefined && dollars < own ? [{ name, dollars }] : []))
    .sort((one, other) => one.dollars - other.dollars);
  if (cheaper.length === 0) return 'Fanfare is the cheapest';
  return cheaper.map(({ name, dollars }) => `${name} (Fanfare costs ${times(own, dollars)})`).join(', ');
}

function times(own: number, other: number): string {
  return other === 0 ? 'more than nothing' : `${(own / other).toFixed(1)} times that`;
}

function money(dollars: number): string {
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 });
}

function counted(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}
