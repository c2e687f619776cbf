/** The replacement of a secret, with authorizers and signing programs that read it at any moments, in virtual time. */

import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandLineError } from '../../bin/command-line.ts';
import { endPreviousSecret, type Replacement, replaceSecret } from '../../bin/secret-replacement.ts';
import { signingSecrets } from '../../lambdas/aws/secret-value.ts';
import {
  PREVIOUS_SECRET_MS,
  type SigningSecrets,
  withRightSecret,
} from '../../lambdas/identity/signing-secrets.ts';
import { SecretVersions } from '../../packages/local/src/secrets/secret-versions.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { tries } from '../running/counts.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 60 * 60 * 1000;
const sdk = mockClient(SecretsManagerClient);

/** Secrets Manager with one secret. */
function serve(versions: SecretVersions): void {
  sdk.reset();
  sdk.on(GetSecretValueCommand).callsFake(async ({ VersionStage: label }) => {
    const version = versions.find({ label });
    if (!version) throw new ResourceNotFoundException({ message: `no ${label}`, $metadata: {} });
    return {
      VersionId: version.id,
      SecretString: version.value,
      CreatedDate: new Date(version.createdAt),
    };
  });
  sdk.on(PutSecretValueCommand).callsFake(async ({ SecretString, VersionStages }) => ({
    VersionId: versions.add(SecretString, { labels: VersionStages }).id,
  }));
  sdk.on(UpdateSecretVersionStageCommand).callsFake(async (move) => {
    const { VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from } = move;
    const reason = versions.move({ label, to, from });
    if (reason) throw new Error(reason);
    return {};
  });
}

/** Clients with tokens, containers that verify them, and strangers with made-up tokens, at moments that the seed chooses. */
class Traffic {
  readonly #random: () => number;
  readonly #versions: SecretVersions;
  readonly #containers = Array.from({ length: 3 }, () =>
    signingSecrets(new SecretsManagerClient({ region: 'us-east-1' }), 'token-secret', Date.now),
  );
  /** The secrets that programs have signed tokens with. */
  readonly #signed = new Set<string>();
  refused = 0;
  checked = 0;

  constructor(seed: number, versions: SecretVersions) {
    this.#random = randomFrom(seed);
    this.#versions = versions;
  }

  /** Lets the time pass, in steps of up to four seconds. */
  async during(ms: number): Promise<void> {
    const end = Date.now() + ms;
    while (Date.now() < end) {
      vi.setSystemTime(Math.min(end, Date.now() + 1 + this.#random() * 4_000));
      this.#signed.add(this.#versions.current().value);
      for (const container of this.#containers) await this.#visit(container);
    }
  }

  async #visit(container: SigningSecrets): Promise<void> {
    if (this.#random() < 0.3) await isAccepted(container, 'a secret that a stranger made up');
    if (this.#random() < 0.5) return;
    for (const secret of this.#signed) {
      this.checked++;
      if (!(await isAccepted(container, secret))) this.refused++;
    }
  }
}

async function isAccepted(container: SigningSecrets, signedWith: string): Promise<boolean> {
  try {
    await withRightSecret(
      container,
      async (secret) => {
        if (secret !== signedWith) throw new Error('wrong');
      },
      () => true,
    );
    return true;
  } catch {
    return false;
  }
}

function newReplacement(wait: Replacement['wait'] = async () => {}): Replacement {
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  return { client, id: 'token-secret', now: Date.now, wait };
}

describe('a replaced secret', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('refuses no valid token at any moment of its first 23 hours, in any container', async () => {
    for (let seed = 1; seed <= tries({ short: 30, long: 1_000 }); seed++) {
      vi.setSystemTime(START_MS);
      const versions = new SecretVersions('first');
      serve(versions);
      const traffic = new Traffic(seed, versions);
      await traffic.during(30_000);
      await replaceSecret(newReplacement((ms) => traffic.during(ms)));
      await traffic.during(60_000);
      vi.setSystemTime(START_MS + 23 * HOUR_MS);
      await traffic.during(30_000);

      expect(traffic.checked).toBeGreaterThan(50);
      expect({ seed, refused: traffic.refused }).toEqual({ seed, refused: 0 });
    }
  });

  it('would refuse some if the command did not wait until containers know the next one', async () => {
    let refused = 0;
    for (let seed = 1; seed <= 30; seed++) {
      vi.setSystemTime(START_MS);
      const versions = new SecretVersions('first');
      serve(versions);
      const traffic = new Traffic(seed, versions);
      await traffic.during(30_000);
      await replaceSecret(newReplacement());
      await traffic.during(60_000);
      refused += traffic.refused;
    }

    expect(refused).toBeGreaterThan(0);
  });

  it('has 64 letters, and is neither pending nor the one before', async () => {
    const versions = new SecretVersions('first');
    serve(versions);
    const end = await replaceSecret(newReplacement());

    expect(versions.current().value).toMatch(/^[\w-]{64}$/);
    expect(versions.find({ label: 'AWSPREVIOUS' })?.value).toBe('first');
    expect(versions.find({ label: 'AWSPENDING' })).toBeUndefined();
    expect(end).toBe(START_MS + PREVIOUS_SECRET_MS);
  });

  it('is the one that waits already, when an earlier run was broken off', async () => {
    const versions = new SecretVersions('first');
    serve(versions);
    const stopped = newReplacement(() => Promise.reject(new Error('stopped')));
    await expect(replaceSecret(stopped)).rejects.toThrow('stopped');
    const waiting = versions.find({ label: 'AWSPENDING' })?.value;
    await replaceSecret(newReplacement());

    expect(versions.current().value).toBe(waiting);
  });

  it('is not replaced again while tokens of the secret before are good, unless they are ended', async () => {
    const versions = new SecretVersions('first');
    serve(versions);
    await replaceSecret(newReplacement());
    const second = versions.current().value;

    await expect(replaceSecret(newReplacement())).rejects.toThrow(CommandLineError);
    expect(versions.current().value).toBe(second);

    expect(await endPreviousSecret(newReplacement())).toBe(true);
    expect(await endPreviousSecret(newReplacement())).toBe(false);
    await replaceSecret(newReplacement());
    expect(versions.find({ label: 'AWSPREVIOUS' })?.value).toBe(second);
  });

  it('may be replaced again after a day', async () => {
    const versions = new SecretVersions('first');
    serve(versions);
    await replaceSecret(newReplacement());
    vi.setSystemTime(START_MS + PREVIOUS_SECRET_MS);

    await expect(replaceSecret(newReplacement())).resolves.toBe(START_MS + 2 * PREVIOUS_SECRET_MS);
  });

  it('needs a secret with a value', async () => {
    sdk.reset();
    sdk.on(GetSecretValueCommand).rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));

    await expect(replaceSecret(newReplacement())).rejects.toThrow('The secret token-secret has no value.');
  });
});
