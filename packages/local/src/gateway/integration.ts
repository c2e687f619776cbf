/** Runs the integration of a route, and reports its outcome as the platform does. */

import type { Outcome } from '../functions/outcome.ts';
import { render, type TemplateScope } from '../languages/mapping-template.ts';
import type { IntegrationModel } from '../template/integration-model.ts';

/** Runs a function of the template. */
export type Invoke = (functionName: string, event: unknown) => Promise<Outcome>;

/** `timed-out`: the gateway stopped waiting, while the function may go on (OR-7). */
export type IntegrationOutcome = Outcome | { readonly kind: 'timed-out' };

/** A MOCK integration answers without any function (MK-1). */
export async function runIntegration(
  integration: IntegrationModel,
  event: TemplateScope,
  invoke: Invoke,
): Promise<IntegrationOutcome> {
  if (integration.kind === 'mock') {
    return { kind: 'result', value: { statusCode: 200, body: render(integration.reply, event) } };
  }
  return within(integration.timeoutMs, invoke(integration.functionName, event));
}

/** `clearTimeout` is cheap. A timer that ends by an abort signal would take longer than the message itself. */
function within(timeoutMs: number, running: Promise<Outcome>): Promise<IntegrationOutcome> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, timeoutMs, { kind: 'timed-out' });
    running.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
