/** The operation GetSecretValue of the Secrets Manager API, with which functions read the secrets they need. */

import * as v from 'valibot';
import { type Meter, NO_METER } from '../bill/meter.ts';
import { type JsonOperation, type JsonReply, refusal } from '../permissions/json-api.ts';
import { readSecret } from '../permissions/needs.ts';
import type { Need } from '../permissions/statement.ts';
import { secretArn } from '../template/secret-model.ts';
import type { Secrets } from './secrets.ts';

export const GET_SECRET_VALUE = 'secretsmanager.GetSecretValue';

/** The only version stage of a secret here. */
const CURRENT = 'AWSCURRENT';

/** A `SecretId` has at most 2048 characters. */
const REQUEST_BYTES = 16 * 1024;

const getSecretValueRequest = v.object({
  SecretId: v.string(),
  VersionId: v.optional(v.string()),
  VersionStage: v.optional(v.string(), CURRENT),
});

export function getSecretValue(secrets: Secrets, meter: Meter = NO_METER): JsonOperation {
  return {
    limitBytes: REQUEST_BYTES,
    needs: (body) => needsOf(body, secrets),
    answer(body) {
      const { success, output } = v.safeParse(getSecretValueRequest, body);
      if (success) return tell(output, secrets, meter);
      return refusal(400, 'InvalidParameterException', 'The request names no SecretId.');
    },
  };
}

/** AWS checks the permission before it looks for the secret. */
function needsOf(body: unknown, secrets: Secrets): readonly Need[] {
  const { success, output } = v.safeParse(getSecretValueRequest, body);
  if (!success) return [];
  const { SecretId } = output;
  return [
    readSecret(secrets.get(SecretId)?.arn ?? (SecretId.startsWith('arn:') ? SecretId : secretArn(SecretId))),
  ];
}

function tell(
  wanted: v.InferOutput<typeof getSecretValueRequest>,
  secrets: Secrets,
  meter: Meter,
): JsonReply {
  meter.secretCall(secrets.get(wanted.SecretId)?.name ?? wanted.SecretId);
  const secret = secrets.get(wanted.SecretId);
  if (!secret) return notFound("Secrets Manager can't find the specified secret.");
  const { VersionId = secret.versionId, VersionStage } = wanted;
  if (VersionId !== secret.versionId || VersionStage !== CURRENT)
    return notFound("Secrets Manager can't find the specified secret value.");
  return {
    status: 200,
    body: {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: secret.versionId,
      VersionStages: [CURRENT],
      SecretString: secret.value,
      // Seconds.
      CreatedDate: secret.createdAt / 1000,
    },
  };
}

function notFound(message: string): JsonReply {
  return refusal(400, 'ResourceNotFoundException', message);
}
