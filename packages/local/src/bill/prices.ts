/**
 * What AWS charges: list prices on demand in us-east-1, first tier, without any free tier. Read on 22 November 2026; the
 * numbers PX-1 to PX-13 are those of the behaviour specification.
 */

import { yoctodollars } from './money.ts';

export const PRICES_READ_ON = '2026-11-22';
export const REGION_OF_PRICES = 'us-east-1';

export interface Price {
  readonly service: string;
  /** What is paid for. */
  readonly item: string;
  /** What one of it is called. */
  readonly unit: string;
  /** Dollars for so many units, as AWS says it. */
  readonly dollars: string;
  readonly forUnits: bigint;
  /** The smallest part of a unit that is counted: half a read unit, a megabyte for a millisecond. */
  readonly partsPerUnit: bigint;
  readonly source: string;
}

const MILLION = 1_000_000n;

/** 1024 MB for 1000 ms. */
const PARTS_PER_GB_SECOND = 1_024_000n;

const API_GATEWAY = 'https://aws.amazon.com/api-gateway/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

export const prices = {
  /** PX-1; above a billion a month, $0.80. */
  message: {
    service: 'API Gateway',
    item: 'WebSocket messages',
    unit: '32 KB',
    dollars: '1.00',
    forUnits: MILLION,
    partsPerUnit: 1n,
    source: API_GATEWAY,
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
  /** Above 300 million a month, $0.90. */
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
  /** PX-6; above 7.5 billion a month, less. */
  lambdaTimeArm: {
    service: 'Lambda',
    item: 'time on arm64',
    unit: 'GB-second',
    dollars: '0.0000133334',
    forUnits: 1n,
    partsPerUnit: PARTS_PER_GB_SECOND,
    source: LAMBDA,
  },
  /** PX-6; above 6 billion a month, less. */
  lambdaTimeX86: {
    service: 'Lambda',
    item: 'time on x86_64',
    unit: 'GB-second',
    dollars: '0.0000166667',
    forUnits: 1n,
    partsPerUnit: PARTS_PER_GB_SECOND,
    source: LAMBDA,
  },
  /** Of each streamed response, what is over 6 MB. */
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
  /** Events of AWS services, and of schedules of rules, are free. */
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

/** What one counted part costs, in yoctodollars. @throws Error for a price that does not come out even. */
export function pricePerPart({ dollars, forUnits, partsPerUnit }: Price): bigint {
  const amount = yoctodollars(dollars);
  const parts = forUnits * partsPerUnit;
  if (amount % parts !== 0n) throw new Error(`$${dollars} cannot be divided by ${parts} without a rest.`);
  return amount / parts;
}
