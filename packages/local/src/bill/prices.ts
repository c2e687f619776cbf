/**
 * The list prices of AWS: on demand, in us-east-1, in the first tier, without a free tier. They were read on 22 November 2026. The
 * numbers PX-1 to PX-13 refer to the behaviour specification.
 */

import { yoctodollars } from './money.ts';

export const PRICES_READ_ON = '2026-11-22';
export const REGION_OF_PRICES = 'us-east-1';

export interface Price {
  readonly service: string;
  /** The billed item. */
  readonly item: string;
  /** The name of one unit. */
  readonly unit: string;
  /** Dollars for `forUnits` units, as AWS writes the price. */
  readonly dollars: string;
  readonly forUnits: bigint;
  /** How many counted parts a unit has. A part is half a read unit, or one megabyte for one millisecond. */
  readonly partsPerUnit: bigint;
  readonly source: string;
  /** A lower price for what exceeds `units` in a month. The bill meter does not apply it. */
  readonly above?: { readonly units: bigint; readonly dollars: string };
}

const MILLION = 1_000_000n;

/** 1024 MB for 1000 ms. */
const PARTS_PER_GB_SECOND = 1_024_000n;

const API_GATEWAY = 'https://aws.amazon.com/api-gateway/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

export const prices = {
  /** PX-1. */
  message: {
    service: 'API Gateway',
    item: 'WebSocket messages',
    unit: '32 KB',
    dollars: '1.00',
    forUnits: MILLION,
    partsPerUnit: 1n,
    source: API_GATEWAY,
    above: { units: 1_000_000_000n, dollars: '0.80' },
  },
  /** PX-1. */
  connectionMinute: {
    service: 'API Gateway',
    item: 'connection minutes',
    unit: 'minute',
    dollars: '0.25',
    forUnits: MILLION,
    partsPerUnit: 1n,
    source: API_GATEWAY,
  },
  /** Above 300 million a month the price is $0.90. */
  httpRequest: {
    service: 'API Gateway',
    item: 'HTTP API requests',
    unit: '512 KB',
    dollars: '1.00',
    forUnits: MILLION,
    partsPerUnit: 1n,
    source: API_GATEWAY,
  },
  /** PX-6. */
  lambdaRequest: {
    service: 'Lambda',
    item: 'requests',
    unit: 'request',
    dollars: '0.20',
    forUnits: MILLION,
    partsPerUnit: 1n,
    source: LAMBDA,
  },
  /** PX-6. Above 7.5 billion a month the price is lower. */
  lambdaTimeArm: {
    service: 'Lambda',
    item: 'time on arm64',
    unit: 'GB-second',
    dollars: '0.0000133334',
    forUnits: 1n,
    partsPerUnit: PARTS_PER_GB_SECOND,
    source: LAMBDA,
  },
  /** PX-6. Above 6 billion a month the price is lower. */
  lambdaTimeX86: {
    service: 'Lambda',
    item: 'time on x86_64',
    unit: 'GB-second',
    dollars: '0.0000166667',
    forUnits: 1n,
    partsPerUnit: PARTS_PER_GB_SECOND,
    source: LAMBDA,
  },
  /** The bytes of each streamed response beyond 6 MB. */
  lambdaStreaming: {
    service: 'Lambda',
    item: 'streamed responses over 6 MB',
    unit: 'GB',
    dollars: '0.008',
    forUnits: 1n,
    partsPerUnit: 1_000_000_000n,
    source: LAMBDA,
  },
  /** PX-7. */
  read: {
    service: 'DynamoDB',
    item: 'read request units',
    unit: 'unit',
    dollars: '0.125',
    forUnits: MILLION,
    partsPerUnit: 2n,
    source: DYNAMODB,
  },
  /** PX-7. */
  write: {
    service: 'DynamoDB',
    item: 'write request units',
    unit: 'unit',
    dollars: '0.625',
    forUnits: MILLION,
    partsPerUnit: 1n,
    source: DYNAMODB,
  },
  /** Events that AWS services and schedules make are free. */
  event: {
    service: 'EventBridge',
    item: 'custom events',
    unit: '64 KB',
    dollars: '1.00',
    forUnits: MILLION,
    partsPerUnit: 1n,
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  secretCall: {
    service: 'Secrets Manager',
    item: 'API calls',
    unit: 'call',
    dollars: '0.05',
    forUnits: 10_000n,
    partsPerUnit: 1n,
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type Billable = keyof typeof prices;

/** The price of one counted part, in yoctodollars. @throws Error for a price that is not a whole number of them. */
export function pricePerPart({ dollars, forUnits, partsPerUnit }: Price): bigint {
  const amount = yoctodollars(dollars);
  const parts = forUnits * partsPerUnit;
  if (amount % parts !== 0n) throw new Error(`$${dollars} cannot be divided by ${parts} without a rest.`);
  return amount / parts;
}
