/** One run: connections that are made while tokens are revoked or end and sweeps pass, on a platform whose handshakes take time. */

import { userChannel } from 'fanfare-protocol/channel';
import { INTEGRATION_TIMEOUT_MS } from 'fanfare-protocol/limits';
import type { FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';
import type { Session } from '../../lambdas/realtime/access/session.ts';
import { accept } from '../../lambdas/realtime/connections/accept.ts';
import { closeExpired } from '../../lambdas/realtime/connections/expiry.ts';
import { revoke } from '../../lambdas/realtime/connections/revocation.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../memory/memory-ports.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { steppedPorts } from './stepped-ports.ts';

export type Process =
  | { readonly connects: Session }
  | { readonly revokes: typeof USER }
  | { readonly sweeps: typeof USER };

/** The state of a connection. A connection that the platform has not opened cannot be closed either (HS-15, MG-12). */
type State = 'connecting' | 'refused' | 'open' | 'closed';

/** The code under test, in which a mistake may be planted. */
export interface Deeds {
  readonly accept: typeof accept;
  readonly revoke: typeof revoke;
  readonly sweep: typeof closeExpired;
}

export interface Observations {
  readonly states: ReadonlyMap<string, State>;
  /** The same after one more undisturbed sweep. */
  readonly swept: ReadonlyMap<string, State>;
  /** The connections that the next `revoke` would find. */
  readonly stored: readonly string[];
  /** Revocations that were answered as complete. */
  readonly completed: number;
  readonly failures: readonly string[];
  readonly order: readonly Option[];
}

export const USER = 'ann';
/** The moment of the revocation: earlier tokens are revoked. Seconds since 1970. */
export const MOMENT = NOW / 1000;
export const deployed: Deeds = { accept, revoke, sweep: closeExpired };

const servers = {
  subscribe: 'servers',
  publish: 'servers',
  members: 'servers',
  history: 'none',
  presence: 'none',
} as const;
const config: FanfareConfig = { namespaces: {}, builtIn: { '@all': servers, '@user': servers } };

/** Its token ends long after the run, if it does not say otherwise. Seconds since 1970. */
export function sessionOf(connectionId: string, issuedAt: number, expiresAt = MOMENT + 3_600): Session {
  return sessionFixture({ connectionId, user: USER, issuedAt, expiresAt, connectedAt: NOW });
}

export async function observe(
  processes: Readonly<Record<string, Process>>,
  { choose, crashes, deeds = deployed }: { choose: Chooser; crashes: number; deeds?: Deeds },
): Promise<Observations> {
  const states = new Map<string, State>();
  const platform = platformOf(states);
  const scheduler = new Scheduler();
  const failures: string[] = [];
  let completed = 0;

  const stepped = (name: string) => {
    const step = <Result>(label: string, run: () => Promise<Result>) => scheduler.step(name, label, run);
    const { revocations, expiry } = platform.ports;
    return {
      ...steppedPorts(platform.ports, step),
      revocations: {
        revoke: (...args: Parameters<typeof revocations.revoke>) =>
          step('revoke', () => revocations.revoke(...args)),
        revokedBefore: (user: string) => step('revoked', () => revocations.revokedBefore(user)),
      },
      expiry: {
        lanes: expiry.lanes,
        expired: (...args: Parameters<typeof expiry.expired>) =>
          step('expired', () => expiry.expired(...args)),
      },
    };
  };

  const connect = async (name: string, session: Session) => {
    const acceptance = await deeds.accept(stepped(name), config, session);
    await scheduler.step(name, 'handshake over', async () => {
      states.set(session.connectionId, acceptance === 'accepted' ? 'open' : 'refused');
    });
  };

  const run = async (name: string, process: Process) => {
    if ('connects' in process) return connect(name, process.connects);
    if ('sweeps' in process) return void (await deeds.sweep(stepped(name), Number.POSITIVE_INFINITY));
    await deeds.revoke(stepped(name), process.revokes, MOMENT);
    completed += 1;
  };

  for (const [name, process] of Object.entries(processes)) {
    if ('connects' in process) states.set(process.connects.connectionId, 'connecting');
    run(name, process).catch((error) => failures.push(`${name}: ${error}`));
  }

  const order = await scheduler.run(choose, crashes);
  // A `$connect` that crashed has refused its handshake. All handshakes time out now, and the processes that waited for them go on.
  for (const [id, state] of states) if (state === 'connecting') states.set(id, 'refused');
  platform.endHandshakes();
  const rest = await scheduler.run(choose, crashes);

  const { subscriptions } = await platform.ports.subscriptions.page({ channel: userChannel(USER), shard: 0 });
  const stored = subscriptions.map(({ connectionId }) => connectionId);
  const before = new Map(states);
  await deployed.sweep(platform.ports, Number.POSITIVE_INFINITY);
  return { states: before, swept: states, stored, completed, failures, order: [...order, ...rest] };
}

function platformOf(states: Map<string, State>) {
  const memory = memoryPorts();
  const waiting: (() => void)[] = [];
  let isOver = false;
  const ports: MemoryPorts = {
    ...memory,
    now: () => (isOver ? NOW + INTEGRATION_TIMEOUT_MS : NOW),
    pause: () =>
      new Promise((resume) => {
        if (isOver) resume();
        else waiting.push(resume);
      }),
    outbound: {
      ...memory.outbound,
      async disconnect(connectionId) {
        if (states.get(connectionId) !== 'open') return 'gone';
        states.set(connectionId, 'closed');
        return 'closed';
      },
    },
  };
  return {
    ports,
    endHandshakes() {
      isOver = true;
      for (const resume of waiting.splice(0)) resume();
    },
  };
}
