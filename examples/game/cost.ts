/** What the game costs: an hour by the price list, and what the meter of the local runtime has counted so far. */

import * as v from 'valibot';

/** For one message of up to 32 KB, in or out: API Gateway in us-east-1. Dollars. */
const MESSAGE = 1 / 1_000_000;

const bill = v.object({ channels: v.array(v.object({ channel: v.string(), dollars: v.string() })) });

/** @param rates The updates a second of each player. */
export function hourOf(rates: readonly number[]): string {
  const updates = rates.reduce((sum, rate) => sum + rate, 0);
  // An update goes in, has a reply, and goes out to each player.
  const messages = 2 + rates.length;
  const dollars = (updates * messages * 3_600 * MESSAGE).toFixed(3);
  return `An hour of this costs $${dollars} in messages.
${updates} updates a second × ${messages} messages × 3,600 seconds × $1.00 for 1,000,000 messages. Functions and tables add a third.`;
}

/** What the messages of a channel cost so far. A deployed stage has a bill of its own instead. */
export async function meterOf(name: string): Promise<string> {
  const response = await fetch('/local-api/bill');
  if (!response.ok) return '';
  const { channels } = v.parse(bill, await response.json());
  const { dollars = '0' } = channels.find(({ channel }) => channel === name) ?? {};
  return `The meter has counted $${Number(dollars).toFixed(4)} so far.`;
}
