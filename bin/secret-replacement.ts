/** Replaces the secret that signs the tokens of a stage, without refusing a valid token at any moment. */

import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { LOOKED_MS, PREVIOUS_SECRET_MS } from '../lambdas/identity/signing-secrets.ts';
import { CommandLineError } from './command-line.ts';

/** Every container has looked at the next secret by the end of this time. Milliseconds. */
const SETTLING_MS = LOOKED_MS + 5_000;

interface Version {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Where the secret is, and how time passes. */
export interface Replacement {
  readonly client: SecretsManagerClient;
  /** Name or ARN. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
}

/**
 * The next secret waits under `AWSPENDING`, where the authorizers find it, before programs read it and sign with it. A
 * replacement that was broken off goes on with the secret that waits.
 *
 * @returns when tokens of the secret before end. Milliseconds since 1970.
 * @throws CommandLineError when a second replacement would end tokens that are still good; the SDK's error.
 */
export async function replaceSecret(replacement: Replacement): Promise<number> {
  const { client, id, now, wait } = replacement;
  const [current, pending, previous] = await Promise.all([
    version(replacement, 'AWSCURRENT'),
    version(replacement, 'AWSPENDING'),
    version(replacement, 'AWSPREVIOUS'),
  ]);
  if (!current) throw new CommandLineError(`The secret ${id} has no value.`);
  if (previous) refuseTooEarly(endOfPrevious(current, previous), now());
  const next = pending && pending.id !== current.id ? pending.id : await addPending(client, id);
  await wait(SETTLING_MS);
  await moveLabel(replacement, { VersionStage: 'AWSCURRENT', to: next, from: current.id });
  await moveLabel(replacement, { VersionStage: 'AWSPENDING', from: next });
  const replaced = await version(replacement, 'AWSCURRENT');
  return endOfPrevious(current, replaced ?? current);
}

/**
 * Ends the tokens of the secret before. Containers of the authorizers notice it within five minutes.
 *
 * @returns whether there was one.
 */
export async function endPreviousSecret(replacement: Replacement): Promise<boolean> {
  const previous = await version(replacement, 'AWSPREVIOUS');
  if (!previous) return false;
  await moveLabel(replacement, { VersionStage: 'AWSPREVIOUS', from: previous.id });
  return true;
}

function endOfPrevious(one: Version, other: Version): number {
  return Math.max(one.createdAt, other.createdAt) + PREVIOUS_SECRET_MS;
}

function refuseTooEarly(end: number, now: number): void {
  if (now >= end) return;
  throw new CommandLineError(
    `The secret was replaced less than a day ago. Tokens of the one before are good until ${new Date(end).toISOString()}, and a second replacement would end them now. Wait, or end them first with --end-previous.`,
  );
}

async function version({ client, id }: Replacement, VersionStage: string): Promise<Version | undefined> {
  try {
    const { VersionId, CreatedDate } = await client.send(
      new GetSecretValueCommand({ SecretId: id, VersionStage }),
    );
    return VersionId === undefined ? undefined : { id: VersionId, createdAt: CreatedDate?.getTime() ?? 0 };
  } catch (error) {
    // A secret without this label. A secret that does not exist has no current version either.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function addPending(client: SecretsManagerClient, SecretId: string): Promise<string> {
  const { VersionId } = await client.send(
    new PutSecretValueCommand({
      SecretId,
      // 64 letters, digits, hyphens and underscores.
      SecretString: randomBytes(48).toString('base64url'),
      VersionStages: ['AWSPENDING'],
    }),
  );
  if (VersionId !== undefined) return VersionId;
  throw new CommandLineError('Secrets Manager did not name the new version; run the command again.');
}

interface LabelMove {
  readonly VersionStage: string;
  readonly from: string;
  readonly to?: string;
}

async function moveLabel({ client, id }: Replacement, { VersionStage, from, to }: LabelMove): Promise<void> {
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: id,
      VersionStage,
      RemoveFromVersionId: from,
      ...(to !== undefined && { MoveToVersionId: to }),
    }),
  );
}
