/** The secrets that the stage's own tokens may be signed with: two while an owner replaces one by the other. */

/** How long a look at all versions serves. So tokens that a stranger made up cost a container few reads. Milliseconds. */
export const LOOKED_MS = 10 * 1000;

/** How long tokens of the secret before stay good, counted from the moment at which the new one was made. Milliseconds. */
export const PREVIOUS_SECRET_MS = 24 * 60 * 60 * 1000;

export interface SigningSecrets {
  /** The secret that most tokens are signed with. May be a few minutes old. */
  current(): Promise<string>;
  /** The secrets to try when `current` has not signed a token: the newest one, the next one, and for a day the one before. */
  others(): Promise<readonly string[]>;
}

/**
 * Tries each secret until one succeeds.
 *
 * @param isWrong Whether an attempt failed because another secret may be the right one.
 * @throws what the last attempt threw.
 */
export async function withRightSecret<T>(
  secrets: SigningSecrets,
  attempt: (secret: string) => Promise<T>,
  isWrong: (error: unknown) => boolean,
): Promise<T> {
  let failure: unknown;
  for await (const secret of distinct(secrets)) {
    try {
      return await attempt(secret);
    } catch (error) {
      if (!isWrong(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** The others are asked for only when the current one is not right. */
async function* distinct({ current, others }: SigningSecrets): AsyncGenerator<string> {
  const first = await current();
  yield first;
  for (const secret of new Set(await others())) if (secret !== first) yield secret;
}
