/** The authorizer of the HTTP API: lets in servers, by tokens that are for servers and for this stage. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { dynamoRevocations } from './aws/dynamo-revocations.ts';
import { signingSecrets } from './aws/secret-value.ts';
import type { ApiAuthorizerEvent } from './events/api-event.ts';
import { findToken } from './identity/handshake-token.ts';
import { serverAudience } from './identity/own-token.ts';
import { InvalidToken, tokenVerifier } from './identity/token-verifier.ts';
import { logLines } from './realtime/log-lines.ts';
import { environmentOf } from './wiring/environment.ts';

const environment = environmentOf('authorize-api');
const log = new Logger({ serviceName: 'authorize-api' });
const revocations = dynamoRevocations(new DynamoDBClient(), environment.REVOCATIONS_TABLE);
const verify = tokenVerifier({
  audience: serverAudience(environment.STAGE),
  secrets: signingSecrets(new SecretsManagerClient(), environment.TOKEN_SECRET, Date.now),
  // Providers know people, not servers.
  issuers: [],
  clockSkewSeconds: v.parse(v.pipe(v.string(), v.digits(), v.transform(Number)), environment.CLOCK_SKEW),
  now: Date.now,
});

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
interface ApiAuthorization {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, string>>;
}

export async function handler(event: ApiAuthorizerEvent): Promise<ApiAuthorization> {
  try {
    const found = findToken({
      authorization: event.headers?.['authorization'],
      offered: undefined,
      query: undefined,
    });
    if (typeof found === 'string')
      throw new InvalidToken(found === 'several' ? 'several tokens' : 'no token');
    const { user, issuedAt, grants } = await verify(found.token);
    if (issuedAt < ((await revocations.revokedBefore(user)) ?? 0)) throw new InvalidToken('revoked');
    return {
      isAuthorized: true,
      context: { server: user, ...(grants && { channels: JSON.stringify(grants) }) },
    };
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error;
    const { requestId } = event.requestContext;
    log.info(logLines.requestRefused, { reason: error.message, requestId });
    return { isAuthorized: false };
  }
}
