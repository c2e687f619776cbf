/** The operation GetSecretValue of the Secrets Manager API, with which functions read the secrets they need. */

import * as v from 'valibot';
import { type JsonOperation, type JsonReply, refusal } from '../json-api.ts';
import type { Secrets } from './secrets.ts';

export const GET_SECRET_VALUE = 'secretsmanager.GetSecretValue';

/** The one version that a secret has here. */
const CURRENT = 'AWSCURRENT';

/** What a request may name is at most 2048 characters long. */
const REQUEST_BYTES = 16 * 1024;

const getSecretValueRequest = v.object({
  SecretId: v.string(),
  VersionId: v.optional(v.string()),
  VersionStage: v.optional(v.string(), CURRENT),
});

export function getSecretValue(secrets: Secrets): JsonOperation {
  return {
    limitBytes: REQUEST_BYTES,
    answer(body) {
      const { success, output } = v.safeParse(getSecretValueRequest, body);
      if (success) return tell(output, secrets);
      return refusal(400, 'InvalidParameterException', 'The request names no SecretId.');
    },
  };
}

function tell(wanted: v.InferOutput<typeof getSecretValueRequest>, secrets: Secrets): JsonReply {
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
