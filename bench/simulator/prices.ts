/** The prices of the parts of a broadcast: the price list of the local bill, as numbers for a simulation. */

import { prices as listed, PRICES_READ_ON, type Price } from '../../packages/local/src/bill/prices.ts';

export const PRICES_AS_OF = PRICES_READ_ON;

/** Dollars for one unit. The bill computes without rounding; a double is exact enough for a simulation. */
function dollarsEach({ dollars, forUnits }: Price): number {
  return Number(dollars) / Number(forUnits);
}

interface SimulatedPrice {
  /** Dollars. */
  readonly each: number;
  readonly what: string;
  readonly source: string;
}

export const prices = {
  gatewayMessage: {
    each: dollarsEach(listed.message),
    what: 'API Gateway, a message of up to 32 KB',
    source: 'PX-1; $0.80 per million above a billion a month',
  },
  lambdaRequest: { each: dollarsEach(listed.lambdaRequest), what: 'Lambda, an invocation', source: 'PX-6' },
  lambdaGbSecond: {
    each: dollarsEach(listed.lambdaTimeArm),
    what: 'Lambda, a GB-second on arm64',
    source: 'PX-6',
  },
  dynamoRead: { each: dollarsEach(listed.read), what: 'DynamoDB, a read unit on demand', source: 'PX-7' },
  dynamoWrite: { each: dollarsEach(listed.write), what: 'DynamoDB, a write unit on demand', source: 'PX-7' },
} as const satisfies Readonly<Record<string, SimulatedPrice>>;
