/** The authorizer of `$connect` (AU-1 to AU-6): it runs once for every handshake, before all other functions. */

import { Logger } from '@aws-lambda-powertools/logger';
import { type AuthorizerEvent, header, queryValues } from './events/gateway-event.ts';
import { type Admission, admit } from './identity/admission.ts';
import { anonymousContextOf, contextOf } from './identity/authorizer-context.ts';
import { refusalSentence } from './identity/refusal-sentence.ts';
import { HandlerFailure } from './own-logic/call.ts';
import { logLines } from './realtime/log-lines.ts';
import { admissionsOf } from './wiring/admission-policy.ts';
import { environmentOf } from './wiring/environment.ts';

const log = new Logger({ serviceName: 'authorize' });
const { policy, clockSkewSeconds } = admissionsOf(environmentOf('authorize'));

export async function handler(event: AuthorizerEvent) {
  const admission = await admitted(event);
  if ('reason' in admission) {
    const { kind, reason: code, rule } = admission;
    const { connectionId } = event.requestContext;
    const reason = rule?.message ?? refusalSentence(code);
    log.info(logLines.handshakeRefused, { kind, code, reason, connectionId });
  }
  // The only words that the gateway turns into a 401 (AU-4).
  if (admission.kind === 'unauthorized') throw new Error('Unauthorized');
  return policyAnswer(event.methodArn, admission);
}

/** @throws HandlerFailure when `onConnect` fails: the gateway answers 500 then. */
async function admitted(event: AuthorizerEvent): Promise<Admission> {
  try {
    return await admit(policy, {
      origin: header(event, 'origin'),
      fetchSite: header(event, 'sec-fetch-site'),
      originKey: header(event, 'x-fanfare-origin-key'),
      authorization: header(event, 'authorization'),
      offered: header(event, 'sec-websocket-protocol'),
      query: queryValues(event, 'token'),
      clients: queryValues(event, 'client'),
    });
  } catch (error) {
    const { connectionId, requestId } = event.requestContext;
    if (error instanceof HandlerFailure)
      log.error(logLines.handlerFailed, { error, requestId, connectionId });
    throw error;
  }
}

/** The form that WebSocket APIs take (AU-5); `Deny` becomes a 403 (AU-4). */
function policyAnswer(methodArn: string, admission: Admission) {
  const Effect = admission.kind === 'forbidden' ? 'Deny' : 'Allow';
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }];
  const policyDocument = { Version: '2012-10-17', Statement };
  if (admission.kind !== 'signed-in') {
    const context = admission.kind === 'anonymous' ? anonymousContextOf(admission.client) : {};
    return { principalId: admission.kind, policyDocument, context };
  }
  const { identity } = admission;
  const context = contextOf(identity, identity.expiresAt + clockSkewSeconds);
  return { principalId: identity.user, policyDocument, context };
}
