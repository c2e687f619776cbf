/** Mistakes in how connections are accepted and revoked, which the exploration must find. */

import { open } from '../../lambdas/realtime/membership.ts';
import { mayStay } from '../../lambdas/realtime/revocation.ts';
import { type Deeds, deployed, MOMENT, USER } from './revocation-world.ts';

const checkedBeforeOpened: Deeds = {
  ...deployed,
  async accept(ports, config, session) {
    const stay = await mayStay(ports, session);
    if (stay !== 'yes') return stay;
    await open(ports, config, session);
    return 'accepted';
  },
};

const closedBeforeItIsWrittenDown: Deeds = {
  ...deployed,
  async revoke(ports, user, issuedBefore) {
    const closed = await deployed.revoke(
      { ...ports, revocations: { ...ports.revocations, revoke: async () => {} } },
      user,
      issuedBefore,
    );
    await ports.revocations.revoke(USER, MOMENT);
    return closed;
  },
};

/** An answer of the past: as a read that is not consistent gives. */
const revocationsReadInconsistently: Deeds = {
  ...deployed,
  async accept(ports, config, session) {
    const before = await ports.revocations.revokedBefore(USER);
    return deployed.accept(
      { ...ports, revocations: { ...ports.revocations, revokedBefore: async () => before } },
      config,
      session,
    );
  },
};

const connectingTakenForGone: Deeds = {
  ...deployed,
  revoke: (ports, ...args) => deployed.revoke({ ...ports, now: () => Number.MAX_SAFE_INTEGER }, ...args),
};

/** Whoever crashes in between leaves a connection that nobody finds again. */
const forgottenBeforeClosed: Deeds = {
  ...deployed,
  revoke: (ports, ...args) =>
    deployed.revoke(
      {
        ...ports,
        outbound: {
          ...ports.outbound,
          async disconnect(connectionId) {
            await ports.subscriptions.remove(connectionId, await ports.connections.remove(connectionId));
            return ports.outbound.disconnect(connectionId);
          },
        },
      },
      ...args,
    ),
};

export const revocationMutants = {
  checkedBeforeOpened,
  closedBeforeItIsWrittenDown,
  revocationsReadInconsistently,
  connectingTakenForGone,
  forgottenBeforeClosed,
} satisfies Readonly<Record<string, Deeds>>;
