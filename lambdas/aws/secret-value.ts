/** Values from Secrets Manager, kept for five minutes: one read serves thousands of handshakes. */

import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { LOOKED_MS, PREVIOUS_SECRET_MS, type SigningSecrets } from '../identity/signing-secrets.ts';

/** After a secret was replaced, the old one is good for this much longer. Milliseconds. */
const KEPT_MS = 5 * 60 * 1000;

/** A version of a secret. */
interface Version {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/**
 * Reads a secret when it is asked for.
 *
 * @param id Name or ARN.
 * @throws the SDK's error; the next call tries again.
 */
export function secretValue(
  client: SecretsManagerClient,
  id: string,
  now: () => number,
): () => Promise<string> {
  const current = new Kept(KEPT_MS, now, () => readVersion(client, id, 'AWSCURRENT'));
  return async () => (await current.get()).text;
}

/**
 * The secret that signs tokens, with the versions that may be good beside the current one.
 *
 * @param id Name or ARN.
 * @throws the SDK's error; the next call tries again.
 */
export function signingSecrets(client: SecretsManagerClient, id: string, now: () => number): SigningSecrets {
  const current = new Kept(KEPT_MS, now, () => readVersion(client, id, 'AWSCURRENT'));
  const others = new Kept(LOOKED_MS, now, async () => {
    current.forget();
    const [newest, pending, previous] = await Promise.all([
      current.get(),
      readIfThere(client, id, 'AWSPENDING'),
      readIfThere(client, id, 'AWSPREVIOUS'),
    ]);
    return [newest, pending, isStillGood(previous, newest, now()) ? previous : undefined].flatMap(
      (version) => version?.text ?? [],
    );
  });
  return {
    async current() {
      return (await current.get()).text;
    },
    others: () => others.get(),
  };
}

/** Counted from the newer one of the two: after a step back to the secret before, that is the previous one. */
function isStillGood(previous: Version | undefined, current: Version, now: number): boolean {
  if (!previous) return false;
  return now < Math.max(previous.createdAt, current.createdAt) + PREVIOUS_SECRET_MS;
}

/** What was read, for a time. An error is not kept. */
class Kept<T> {
  readonly #ms: number;
  readonly #now: () => number;
  readonly #read: () => Promise<T>;
  #value: Promise<T> | undefined;
  #goodUntil = 0;

  constructor(ms: number, now: () => number, read: () => Promise<T>) {
    this.#ms = ms;
    this.#now = now;
    this.#read = read;
  }

  get(): Promise<T> {
    if (this.#value && this.#now() < this.#goodUntil) return this.#value;
    this.#goodUntil = this.#now() + this.#ms;
    const value = this.#read();
    this.#value = value;
    value.catch(() => {
      if (this.#value === value) this.forget();
    });
    return value;
  }

  forget(): void {
    this.#value = undefined;
  }
}

async function readIfThere(client: SecretsManagerClient, id: string, label: string) {
  try {
    return await readVersion(client, id, label);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function readVersion(client: SecretsManagerClient, id: string, label: string): Promise<Version> {
  const { SecretString, CreatedDate } = await client.send(
    new GetSecretValueCommand({ SecretId: id, VersionStage: label }),
  );
  // With an empty key, every token that was signed with an empty key would be accepted.
  if (!SecretString) throw new Error('The secret has no text');
  return { text: SecretString, createdAt: CreatedDate?.getTime() ?? 0 };
}
