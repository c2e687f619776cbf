/** Actions of an application, and callers of them, on ports in memory. */

import * as v from 'valibot';
import type { Call, OwnActionContext } from '../../../lambdas/own-actions/call-action.ts';
import { callAction } from '../../../lambdas/own-actions/call-action.ts';
import type { ActionCaller } from '../../../lambdas/own-actions/caller.ts';
import { clientOrigin, serverOrigin } from '../../../lambdas/own-logic/context.ts';
import type { CallContext, OwnAction } from '../../../lambdas/own-logic/own-action.ts';
import { unmetered } from '../../../lambdas/realtime/access/meter.ts';
import type { FanfareConfig, NamespacePolicy } from '../../../lambdas/realtime/access/namespaces.ts';
import { senderOf } from '../../../lambdas/realtime/log/sender.ts';
import { memoryPorts } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

export const servers = {
  subscribe: 'servers',
  publish: 'servers',
  members: 'servers',
  history: { hours: 1 },
  presence: 'none',
} as const satisfies NamespacePolicy;

export const config: FanfareConfig = {
  namespaces: { poll: servers, live: { ...servers, history: 'none' } },
  builtIn: { '@all': servers, '@user': servers },
};

export function contextFixture(): OwnActionContext & { readonly ports: ReturnType<typeof memoryPorts> } {
  return { config, ports: memoryPorts() };
}

export function clientFixture(session: Partial<Parameters<typeof sessionFixture>[0]> = {}): ActionCaller {
  const caller = { ...sessionFixture({ user: 'ann', ...session }), requestId: 'request-1' };
  return { origin: clientOrigin(caller), sender: senderOf(caller), spend: unmetered };
}

export function serverFixture(grants?: CallContext['grants']): ActionCaller {
  return {
    origin: serverOrigin('server', { grants, requestId: 'request-2' }),
    sender: { kind: 'server', id: 'billing' },
    spend: unmetered,
  };
}

/** Accepts every input. */
export const anything = v.unknown();

/** The result, or what was thrown. */
export async function outcomeOf(
  action: OwnAction,
  call: Partial<Call> = {},
  caller: ActionCaller = clientFixture(),
  context: OwnActionContext = contextFixture(),
): Promise<unknown> {
  const whole = { name: 'vote', data: undefined, key: undefined, ...call };
  return callAction(action, whole, caller, context).catch((error: unknown) => error);
}
