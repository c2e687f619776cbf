/** The bill: counts times prices, line by line, to the last digit. */

import { dollarText, ratioText } from './money.ts';
import { type Billable, PRICES_READ_ON, pricePerPart, prices, REGION_OF_PRICES } from './prices.ts';
import type { Tally } from './tally.ts';

export interface BillLine {
  /** Service, item and cause in one text: `Lambda requests: default`. */
  readonly name: string;
  readonly service: string;
  readonly item: string;
  /** The cause of the cost: a route with a direction, a function or a table. */
  readonly cause: string;
  /** How often the cause happened: messages, invocations or requests to a table. */
  readonly times: number;
  /** The number of units, as a decimal. */
  readonly quantity: string;
  readonly unit: string;
  /** Dollars for `forUnits` units. */
  readonly price: string;
  readonly forUnits: string;
  /** The cost of the line, as a decimal with all its digits. */
  readonly dollars: string;
  /** The memory of the function, in a line on its time. */
  readonly memoryMb?: number;
}

/** The cost of all messages about one channel. The lines contain this cost already. */
export interface ChannelLine {
  readonly channel: string;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly dollars: string;
}

export interface Bill {
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
  readonly region: string;
  readonly pricesReadOn: string;
  /** Dollars, as a decimal with all its digits. */
  readonly total: string;
  readonly lines: readonly BillLine[];
  readonly channels: readonly ChannelLine[];
}

/** Units of 32 KB. */
export interface ChannelCounts {
  in: number;
  out: number;
}

export interface Counted {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  readonly counts: Tally;
  readonly memoryOf: (functionName: string) => number | undefined;
  readonly channels: ReadonlyMap<string, ChannelCounts>;
}

export function billOf({ since, until, counts, memoryOf, channels }: Counted): Bill {
  const charges = billables.flatMap((billable) => chargesFor(billable, counts, memoryOf));
  return {
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    region: REGION_OF_PRICES,
    pricesReadOn: PRICES_READ_ON,
    total: dollarText(charges.reduce((total, { amount }) => total + amount, 0n)),
    lines: charges.map(({ line, amount }) => ({ ...line, dollars: dollarText(amount) })),
    channels: [...channels].sort(([one], [other]) => (one < other ? -1 : 1)).map(channelLine),
  };
}

interface Charge {
  readonly line: Omit<BillLine, 'dollars'>;
  readonly amount: bigint;
}

const billables: readonly Billable[] = [
  'message',
  'connectionMinute',
  'httpRequest',
  'lambdaRequest',
  'lambdaTimeArm',
  'lambdaTimeX86',
  'lambdaStreaming',
  'read',
  'write',
  'event',
  'secretCall',
];

const functionTimes = new Set<Billable>(['lambdaTimeArm', 'lambdaTimeX86']);

function chargesFor(billable: Billable, counts: Tally, memoryOf: Counted['memoryOf']): Charge[] {
  const { service, item, unit, dollars, forUnits, partsPerUnit } = prices[billable];
  const sizeOf = (cause: string) => {
    const memoryMb = functionTimes.has(billable) ? memoryOf(cause) : undefined;
    return memoryMb === undefined ? {} : { memoryMb };
  };
  return counts.of(billable).map(([cause, { times, parts }]) => ({
    line: {
      ...sizeOf(cause),
      name: `${service} ${item}: ${cause}`,
      service,
      item,
      cause,
      times,
      quantity: ratioText(BigInt(parts), partsPerUnit),
      unit,
      price: dollars,
      forUnits: String(forUnits),
    },
    amount: BigInt(parts) * pricePerPart(prices[billable]),
  }));
}

function channelLine([channel, counts]: [string, ChannelCounts]): ChannelLine {
  const amount = BigInt(counts.in + counts.out) * pricePerPart(prices.message);
  return { channel, messagesIn: counts.in, messagesOut: counts.out, dollars: dollarText(amount) };
}
