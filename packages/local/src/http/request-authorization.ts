/** Decides who may call a route of an HTTP API. */

import * as v from 'valibot';
import type { IntegrationOutcome, Invoke } from '../gateway/integration.ts';
import { runIntegration } from '../gateway/integration.ts';
import { invokeApi } from '../permissions/needs.ts';
import type { Guard } from '../permissions/permissions.ts';
import { verdictOn } from '../signature/verdict.ts';
import { ACCOUNT, LOCAL_CREDENTIALS, REGION } from '../template/account.ts';
import type { IdentitySource } from '../template/authorizer-model.ts';
import type { HttpAuthorization, HttpAuthorizerModel } from '../template/http-authorization-model.ts';
import type { RequestEvent } from './proxy-event.ts';
import { type RequestFacts, receivedRequest } from './request-facts.ts';

export type Permission =
  /** `authorizer` is added to the context of the request. */
  | { readonly allowed: true; readonly authorizer: Authorizer | undefined }
  | { readonly allowed: false; readonly status: 401 | 403 | 500 };

/** The authorizer's part of an event. */
type Authorizer = ReturnType<typeof localIdentity> | { readonly lambda: unknown };

/** A request and its facts before the authorization. */
export interface Question {
  readonly facts: RequestFacts;
  readonly body: Buffer;
  readonly event: RequestEvent;
  /** The path without the stage. */
  readonly resource: string;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const AUTHORIZER_TIMEOUT_MS = 10_000;

/** The deciding member is checked strictly. The context may be any value. */
const simpleResponse = v.object({ isAuthorized: v.boolean(), context: v.optional(v.unknown()) });

export async function permissionOf(
  authorization: HttpAuthorization,
  question: Question,
  invoke: Invoke,
  guard: Guard,
): Promise<Permission> {
  if (authorization.kind === 'none') return { allowed: true, authorizer: undefined };
  if (authorization.kind === 'function') return askFunction(authorization, question, invoke);
  const verdict = verdictOn(receivedRequest(question.facts), question.body, 'execute-api');
  if (verdict !== 'signed') return { allowed: false, status: 403 };
  const { apiId, stage, http } = question.event.requestContext;
  const need = () => [invokeApi(apiId, stage, http.method, question.resource)];
  const denied = guard.refusalOf(question.facts.headers['authorization'], need);
  return denied === undefined
    ? { allowed: true, authorizer: localIdentity() }
    : { allowed: false, status: 403 };
}

/** The identity of every signed request here. */
export function localIdentity() {
  return {
    iam: {
      accessKey: LOCAL_CREDENTIALS.accessKeyId,
      accountId: ACCOUNT,
      callerId: 'local',
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: `arn:aws:iam::${ACCOUNT}:user/local`,
      userId: 'local',
    },
  };
}

/** Results are never cached. `AuthorizerResultTtlInSeconds` is ignored. */
async function askFunction(
  { functionName, identitySources }: HttpAuthorizerModel,
  { facts, event, resource }: Question,
  invoke: Invoke,
): Promise<Permission> {
  const identitySource = identitySources.map((source) => identityIn(facts, source));
  // API Gateway does not invoke the function unless all identity sources are present.
  if (!identitySource.every((value) => value !== '')) return { allowed: false, status: 401 };
  const { apiId, stage, http } = event.requestContext;
  const question = {
    ...event,
    type: 'REQUEST',
    routeArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${apiId}/${stage}/${http.method}${resource}`,
    identitySource,
  };
  const integration = { kind: 'function', functionName, timeoutMs: AUTHORIZER_TIMEOUT_MS } as const;
  return permissionOfOutcome(await runIntegration(integration, question, invoke));
}

/** In REST and WebSocket APIs, exactly this message means 401. For HTTP APIs this is a choice of the emulator. */
const UNAUTHORIZED = 'Unauthorized';

export function permissionOfOutcome(outcome: IntegrationOutcome): Permission {
  if (outcome.kind === 'error' && outcome.message === UNAUTHORIZED) return { allowed: false, status: 401 };
  if (outcome.kind !== 'result') return { allowed: false, status: 500 };
  const { success, output } = v.safeParse(simpleResponse, outcome.value);
  if (!success) return { allowed: false, status: 500 };
  if (!output.isAuthorized) return { allowed: false, status: 403 };
  return { allowed: true, authorizer: { lambda: output.context ?? null } };
}

/** The names of headers are case-insensitive, those of parameters are not. */
function identityIn({ headers, query }: RequestFacts, { place, name }: IdentitySource): string {
  const [values, key] = place === 'header' ? [headers, name.toLowerCase()] : [query, name];
  return (Object.hasOwn(values, key) ? values[key] : undefined) ?? '';
}
