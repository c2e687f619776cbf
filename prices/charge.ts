/** Quantities times prices, line by line, so that a reader can check each of them. */

import type { Price } from '../packages/local/src/bill/prices.ts';

export interface UnitPrice {
  readonly unit: string;
  /** Dollars for this many units. */
  readonly per: number;
  /** From the first unit on. Each step ends where it says; the last one never does. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly upTo: number;
  readonly dollars: number;
}

export interface Charge {
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  /** Dollars for `per` units. */
  readonly price: number;
  readonly per: number;
  readonly dollars: number;
}

export interface Offer {
  readonly charges: readonly Charge[];
  /** What the sum leaves out, or why the provider sells nothing of this size. */
  readonly note?: string;
  /** `undefined` if the provider lists no price for such a load. */
  readonly dollars: number | undefined;
}

/** A price of the project's list. */
export function listed({ unit, dollars, forUnits, above }: Price): UnitPrice {
  const steps = above
    ? [
        { upTo: Number(above.units), dollars: Number(dollars) },
        { upTo: Number.POSITIVE_INFINITY, dollars: Number(above.dollars) },
      ]
    : [{ upTo: Number.POSITIVE_INFINITY, dollars: Number(dollars) }];
  return { unit, per: Number(forUnits), steps };
}

/** The same price for each unit. */
export function flat(unit: string, dollars: number): UnitPrice {
  return { unit, per: 1, steps: [{ upTo: Number.POSITIVE_INFINITY, dollars }] };
}

/** One charge for each step of the price that the quantity reaches. */
export function charge(what: string, quantity: number, { unit, per, steps }: UnitPrice): Charge[] {
  let from = 0;
  return steps.flatMap(({ upTo, dollars: price }) => {
    const inStep = Math.max(0, Math.min(quantity, upTo) - from);
    from = upTo;
    if (inStep === 0) return [];
    return [{ what, quantity: inStep, unit, price, per, dollars: (inStep / per) * price }];
  });
}

export function offer(charges: readonly Charge[], note?: string): Offer {
  const dollars = charges.reduce((sum, one) => sum + one.dollars, 0);
  return { charges, dollars, ...(note !== undefined && { note }) };
}
