/**
 * The tokens of transactions: DynamoDB runs a transaction once for each `ClientRequestToken`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems-idempotency
 */

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Mistake } from './store-answer.ts';

const VALID_MS = 10 * 60_000;

const withToken = v.object({ ClientRequestToken: v.string(), TransactItems: v.unknown() });

interface Remembered {
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export class RequestTokens {
  private readonly now: () => number;
  /** The oldest first. */
  private readonly remembered = new Map<string, Remembered>();

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Whether a transaction with this token and these items has succeeded, or the mistake that its items are others. */
  earlier(request: unknown): 'none' | 'the same' | Mistake {
    const { success, output } = v.safeParse(withToken, request);
    const before = success ? this.remembered.get(output.ClientRequestToken) : undefined;
    if (!success || !before || before.until <= this.now()) return 'none';
    if (before.digest === digestOf(output.TransactItems)) return 'the same';
    return {
      type: 'com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException',
      message: 'The ClientRequestToken was used with other items in the last ten minutes.',
    };
  }

  succeeded(request: unknown): void {
    const { success, output } = v.safeParse(withToken, request);
    if (!success) return;
    const now = this.now();
    for (const [token, { until }] of this.remembered) {
      if (until > now) break;
      this.remembered.delete(token);
    }
    const { ClientRequestToken, TransactItems } = output;
    this.remembered.delete(ClientRequestToken);
    this.remembered.set(ClientRequestToken, { digest: digestOf(TransactItems), until: now + VALID_MS });
  }
}

function digestOf(items: unknown): string {
  return createHash('sha256').update(JSON.stringify(items)).digest('base64');
}
