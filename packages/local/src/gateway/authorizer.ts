/** Asks the authorizer about a client that wants to connect, once per handshake and never from a cache (AU-5). */

import type { AuthorizerModel, IdentitySource } from '../template/authorizer-model.ts';
import { authorizationOf } from './authorizer-result.ts';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { AuthorizerContext } from './connection-facts.ts';
import type { AuthorizerEvent } from './events.ts';
import { type Invoke, runIntegration } from './integration.ts';

export type Admission =
  /** `facts` joins what every event of the connection tells (EV-14). */
  | { readonly allowed: true; readonly facts: { readonly authorizer?: AuthorizerContext } }
  | { readonly allowed: false; readonly status: number };

/** An authorizer has no timeout of its own in the template; the longest that any integration may have (OR-7). */
const TIMEOUT_MS = 29_000;

/** Without an authorizer everybody may connect. */
export async function authorize(
  authorizer: AuthorizerModel | undefined,
  event: AuthorizerEvent,
  invoke: Invoke,
  choices: Choices = DEFAULT_CHOICES,
): Promise<Admission> {
  if (!authorizer) return { allowed: true, facts: {} };
  // The function is not asked about a client that shows nothing (AU-3).
  if (!authorizer.identitySources.every((source) => isPresent(source, event)))
    return { allowed: false, status: 401 };
  const integration = {
    kind: 'function',
    functionName: authorizer.functionName,
    timeoutMs: TIMEOUT_MS,
  } as const;
  const startedAt = performance.now();
  const outcome = await runIntegration(integration, event, invoke);
  const integrationLatency = Math.round(performance.now() - startedAt);
  const authorization = authorizationOf(outcome, event.methodArn, choices);
  if (!authorization.allowed) return authorization;
  const { context, principalId } = authorization;
  // Last, so that no member of the context can pass for the principal.
  return { allowed: true, facts: { authorizer: { ...context, principalId, integrationLatency } } };
}

/** Empty is as good as missing. Names of headers have no case, those of parameters do. */
function isPresent({ place, name }: IdentitySource, event: AuthorizerEvent): boolean {
  if (place === 'querystring')
    return Object.entries(event.queryStringParameters).some(([key, value]) => key === name && value !== '');
  return Object.entries(event.headers).some(
    ([key, value]) => key.toLowerCase() === name.toLowerCase() && value !== '',
  );
}
