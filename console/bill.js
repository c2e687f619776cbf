/** Reads what AWS would charge for the work of the local runtime so far. A deployed stage has its own bill. */

import { dollarsOnAws } from './plain-bill.js';

const BILL_PATH = '/local-api/bill';

/** @returns {Promise<{ rows: string[][], total: string, dollars: number }>} The dollars are those of `dollarsOnAws`. */
export async function readBill() {
  const response = await fetch(BILL_PATH).catch(() => undefined);
  if (!response?.ok) throw new Error('Only the local runtime has a bill meter.');
  const { lines, total } = await response.json();
  return {
    rows: lines.map((/** @type {any} */ { name, quantity, unit, dollars }) => [
      name,
      `${quantity} ${unit}`,
      `$${dollars}`,
    ]),
    total: `$${total} so far`,
    dollars: dollarsOnAws(lines),
  };
}
