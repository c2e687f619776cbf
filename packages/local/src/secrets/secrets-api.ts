/** The operations of the Secrets Manager API with which functions read a secret, and an owner replaces it. */

import * as v from 'valibot';
import { type Meter, NO_METER } from '../bill/meter.ts';
import { type JsonOperation, type JsonOperations, type JsonReply, refusal } from '../permissions/json-api.ts';
import { type SecretAction, useSecret } from '../permissions/needs.ts';
import { secretArn } from '../template/secret-model.ts';
import { CURRENT, type Unmoved } from './secret-versions.ts';
import type { Secret, Secrets } from './secrets.ts';

/** A text has at most 64 KB, and JSON may write a byte as six characters. */
const REQUEST_BYTES = 512 * 1024;

const SecretId = v.string();
const label = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const versionId = v.pipe(v.string(), v.minLength(32), v.maxLength(64));

const getSecretValueRequest = v.object({
  SecretId,
  VersionId: v.optional(versionId),
  VersionStage: v.optional(label),
});

/** Without a stage or an id, it is the current version. */
function tellSecretValue(
  secret: Secret,
  { VersionId, VersionStage }: v.InferOutput<typeof getSecretValueRequest>,
): JsonReply {
  const wanted = VersionId ?? VersionStage;
  const version = secret.versions.find({
    id: VersionId,
    label: wanted === undefined ? CURRENT : VersionStage,
  });
  if (!version) return refusal(400, 'ResourceNotFoundException', NO_VALUE);
  return {
    status: 200,
    body: {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: secret.versions.labelsOf(version.id),
      SecretString: version.value,
      // Seconds.
      CreatedDate: version.createdAt / 1000,
    },
  };
}

const putSecretValueRequest = v.object({
  SecretId,
  ClientRequestToken: v.optional(versionId),
  SecretString: v.pipe(v.string(), v.minLength(1), v.maxBytes(64 * 1024)),
  VersionStages: v.optional(v.pipe(v.array(label), v.minLength(1), v.maxLength(20)), [CURRENT]),
});

/** A repeated request with the same token and the same text changes nothing. */
async function putSecretValue(
  { arn, name, versions, keep }: Secret,
  { ClientRequestToken: id, SecretString, VersionStages }: v.InferOutput<typeof putSecretValueRequest>,
): Promise<JsonReply> {
  const there = id === undefined ? undefined : versions.find({ id });
  if (there && there.value !== SecretString)
    return refusal(400, 'ResourceExistsException', `The version ${id} has another value.`);
  const version = there ?? versions.add(SecretString, { id, labels: VersionStages });
  await keep();
  const body = {
    ARN: arn,
    Name: name,
    VersionId: version.id,
    VersionStages: versions.labelsOf(version.id),
  };
  return { status: 200, body };
}

const updateSecretVersionStageRequest = v.object({
  SecretId,
  VersionStage: label,
  MoveToVersionId: v.optional(versionId),
  RemoveFromVersionId: v.optional(versionId),
});

const NO_VALUE = "Secrets Manager can't find the specified secret value.";

const unmoved: Readonly<Record<Unmoved, readonly [name: string, message: string]>> = {
  'unknown-version': ['ResourceNotFoundException', NO_VALUE],
  elsewhere: ['InvalidParameterException', 'RemoveFromVersionId must name the version that has the label.'],
  'current-needs-a-version': [
    'InvalidParameterException',
    `The label ${CURRENT} can be moved, and not removed.`,
  ],
};

async function updateSecretVersionStage(
  { arn, name, versions, keep }: Secret,
  {
    VersionStage,
    MoveToVersionId,
    RemoveFromVersionId,
  }: v.InferOutput<typeof updateSecretVersionStageRequest>,
): Promise<JsonReply> {
  const reason = versions.move({ label: VersionStage, to: MoveToVersionId, from: RemoveFromVersionId });
  if (reason) return refusal(400, ...unmoved[reason]);
  await keep();
  return { status: 200, body: { ARN: arn, Name: name } };
}

/** By the header `X-Amz-Target`. */
export function secretOperations(secrets: Secrets, meter: Meter = NO_METER): JsonOperations {
  const operation = operationsOn(secrets, meter);
  return new Map([
    operation('GetSecretValue', getSecretValueRequest, tellSecretValue),
    operation('PutSecretValue', putSecretValueRequest, putSecretValue),
    operation('UpdateSecretVersionStage', updateSecretVersionStageRequest, updateSecretVersionStage),
  ]);
}

/** AWS checks the permission before it looks for the secret. */
function operationsOn(secrets: Secrets, meter: Meter) {
  return <Request extends { readonly SecretId: string }>(
    action: SecretAction,
    request: v.GenericSchema<unknown, Request>,
    answer: (secret: Secret, request: Request) => JsonReply | Promise<JsonReply>,
  ): [target: string, operation: JsonOperation] => [
    `secretsmanager.${action}`,
    {
      limitBytes: REQUEST_BYTES,
      needs(body) {
        const { success, output } = v.safeParse(request, body);
        return success ? [useSecret(action, arnOf(output.SecretId, secrets))] : [];
      },
      answer(body) {
        const { success, output, issues } = v.safeParse(request, body);
        if (!success) return refusal(400, 'InvalidParameterException', mistakeIn(issues));
        const secret = secrets.get(output.SecretId);
        meter.secretCall(secret?.name ?? output.SecretId);
        if (secret) return answer(secret, output);
        return refusal(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      },
    },
  ];
}

function arnOf(id: string, secrets: Secrets): string {
  return secrets.get(id)?.arn ?? (id.startsWith('arn:') ? id : secretArn(id));
}

/** The value of a member is not in the sentence, because it may be the secret. */
function mistakeIn(issues: readonly v.BaseIssue<unknown>[]): string {
  const member = issues[0] && v.getDotPath(issues[0]);
  return `The request has no ${member ?? 'SecretId'} that is accepted here.`;
}
