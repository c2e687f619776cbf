/** Asks the authorizer about a client that wants to connect, once per handshake and never from a cache (AU-5). */

import type { AuthorizerModel, IdentitySource } from '../template/authorizer-model.ts';
import { authorizationOf } from './authorizer-result.ts';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import type { AuthorizerContext } from './connection-facts.ts';
import type { AuthorizerEvent } from './events.ts';
import { type Invoke, runIntegration } from './integration.ts';

export type Admission =
  /** `facts` are added to every event of the connection (EV-14). */
  | { readonly allowed: true; readonly facts: { readonly authorizer?: AuthorizerContext } }
  | { readonly allowed: false; readonly status: number };

/** The template sets no timeout for an authorizer. This is the longest one that an integration may have (OR-7). */
const TIMEOUT_MS = 29_000;

/** Without an authorizer, every client may connect. */
export async function authorize(
  authorizer: AuthorizerModel | undefined,
  event: AuthorizerEvent,
  invoke: Invoke,
  choices: Choices = DEFAULT_CHOICES,
): Promise<Admission> {
  if (!authorizer) return { allowed: true, facts: {} };
  // API Gateway does not invoke the function for a client without the identity sources (AU-3).
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
  // These come last, so that the context cannot overwrite the principal.
  return { allowed: true, facts: { authorizer: { ...context, principalId, integrationLatency } } };
}

/** An empty value counts as missing. The names of headers are case-insensitive, those of parameters are not. */
function isPresent({ place, name }: IdentitySource, event: AuthorizerEvent): boolean {
  if (place === 'querystring')
    return Object.entries(event.queryStringParameters).some(([key, value]) => key === name && value !== '');
  return Object.entries(event.headers).some(
    ([key, value]) => key.toLowerCase() === name.toLowerCase() && value !== '',
  );
}
