/** Runs what a route points to, and says in the platform's words how that went. */

import { setTimeout as after } from 'node:timers/promises';
import type { Outcome } from '../functions/outcome.ts';
import type { IntegrationModel } from '../template/integration-model.ts';

/** Runs a function of the template. */
export type Invoke = (functionName: string, event: unknown) => Promise<Outcome>;

/** `timed-out`: the gateway stopped waiting, while the function may go on (OR-7). */
export type IntegrationOutcome = Outcome | { readonly kind: 'timed-out' };

/** A MOCK integration answers without any function (MK-1). */
export async function runIntegration(
  integration: IntegrationModel,
  event: unknown,
  invoke: Invoke,
): Promise<IntegrationOutcome> {
  if (integration.kind === 'mock') {
    return { kind: 'result', value: { statusCode: 200, body: integration.reply } };
  }
  const answered = new AbortController();
  const timeout = after(integration.timeoutMs, { kind: 'timed-out' } as const, { signal: answered.signal });
  // Cancelling the timer rejects it after the race is over.
  timeout.catch(() => {});
  const outcome = await Promise.race([invoke(integration.functionName, event), timeout]);
  answered.abort();
  return outcome;
}
