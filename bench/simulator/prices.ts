/** What AWS asks for, in one place: list prices of us-east-1, without free tiers. */

export const PRICES_AS_OF = '2026-08';

/** Dollars. */
export const prices = {
  gatewayMessage: {
    each: 1.0 / 1e6,
    what: 'API Gateway, a message of up to 32 KB',
    source: 'PX-1; $0.80 per million above a billion a month',
  },
  lambdaRequest: { each: 0.2 / 1e6, what: 'Lambda, an invocation', source: 'PX-6' },
  lambdaGbSecond: { each: 0.0000133334, what: 'Lambda, a GB-second on arm64', source: 'PX-6' },
  dynamoRead: { each: 0.125 / 1e6, what: 'DynamoDB, a read unit on demand', source: 'PX-7' },
  dynamoWrite: { each: 0.625 / 1e6, what: 'DynamoDB, a write unit on demand', source: 'PX-7' },
} as const satisfies Readonly<
  Record<string, { readonly each: number; readonly what: string; readonly source: string }>
>;

/** A message is billed for every 32 KB that it has begun (PX-1). */
const METERED_BYTES = 32 * 1024;

export function meteredMessages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / METERED_BYTES));
}
