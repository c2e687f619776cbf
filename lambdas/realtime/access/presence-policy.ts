/** The presence setting of a namespace, and the check that it is valid. */

/** `none`, or how long a user without a connection still counts as present, so that a reconnect causes no leave and no join. */
export type PresencePolicy = 'none' | { readonly lingerSeconds: number };

interface HasPresence {
  readonly presence: PresencePolicy;
}

/** The part of a policy that decides whether presence is valid: the access rules for subscribing and for seeing members. */
interface PresenceSetting extends HasPresence {
  readonly subscribe: string;
  readonly members: string;
}

/** A worker waits while a user lingers, and the stage pays for that time. Seconds. */
const LONGEST_LINGER_SECONDS = 60;

/** 0 also for a namespace without presence. Milliseconds. */
export function lingerMsOf({ presence }: HasPresence): number {
  return presence === 'none' ? 0 : presence.lingerSeconds * 1000;
}

/** @throws Error that names the namespace, for presence that no client may see, or for a linger outside the limits. */
export function checkPresence(namespace: string, policy: PresenceSetting): void {
  const { presence, subscribe, members } = policy;
  if (presence === 'none') return;
  const { lingerSeconds } = presence;
  if (namespace.startsWith('@'))
    throw new Error(
      `${namespace} has presence: a built-in channel has every connection or those of one user, and cannot have presence.`,
    );
  if (!(lingerSeconds >= 0 && lingerSeconds <= LONGEST_LINGER_SECONDS))
    throw new Error(
      `${namespace}: lingerSeconds is from 0 to ${LONGEST_LINGER_SECONDS}, not ${lingerSeconds}.`,
    );
  const hearing = [subscribe, members];
  // Outside `@user`, no channel has an owner.
  if (hearing.includes('servers') || hearing.includes('owner'))
    throw new Error(
      `${namespace} has presence, but no subscriber may see members: change members, subscribe, or presence to 'none'.`,
    );
}
