/** Mistakes in how connections are accepted, revoked and swept, which the exploration must find. */

import { open } from '../../lambdas/realtime/connections/membership.ts';
import { mayStay } from '../../lambdas/realtime/connections/revocation.ts';
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

/** It forgets a connection before it closes it: after a crash in between, no process finds the connection again. */
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

const endsAreIgnored: Deeds = {
  ...deployed,
  sweep: ({ expiry, ...ports }, until) => {
    const expired: typeof expiry.expired = (lane, _now, after) =>
      expiry.expired(lane, Number.MAX_SAFE_INTEGER, after);
    return deployed.sweep({ ...ports, expiry: { ...expiry, expired } }, until);
  },
};

/** The handshake goes on, and its connection is in no index. */
const connectingTakenForGoneBySweep: Deeds = {
  ...deployed,
  sweep: (ports, until) => deployed.sweep({ ...ports, now: () => (MOMENT + 60) * 1000 }, until),
};

const forgottenBeforeClosedBySweep: Deeds = {
  ...deployed,
  sweep: (ports, until) => {
    const disconnect: typeof ports.outbound.disconnect = async (connectionId) => {
      await ports.subscriptions.remove(connectionId, await ports.connections.remove(connectionId));
      return ports.outbound.disconnect(connectionId);
    };
    return deployed.sweep({ ...ports, outbound: { ...ports.outbound, disconnect } }, until);
  },
};

export const sweepMutants = {
  endsAreIgnored,
  connectingTakenForGoneBySweep,
  forgottenBeforeClosedBySweep,
} satisfies Readonly<Record<string, Deeds>>;
