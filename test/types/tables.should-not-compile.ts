/** Tables that must not compile with a line missing: a new action, need, trigger or group has to be dealt with everywhere. */

import { actions } from '../../lambdas/actions/actions.ts';
import { handlers } from '../../lambdas/operations/operations.ts';
import type { Bindings } from '../../lib/functions/bindings.ts';
import type { Wirings } from '../../lib/functions/triggers.ts';
import { plants } from '../smoke/plants.ts';

/** The same table without one of its lines. */
function without<Table extends object, Name extends keyof Table>(
  table: Table,
  name: Name,
): Omit<Table, Name> {
  const { [name]: _line, ...others } = table;
  return others;
}

declare const bindings: Bindings;
declare const wirings: Wirings;

// @ts-expect-error -- an action has a line in the table (CONTRIBUTING.md)
export const withoutAction: typeof actions = without(actions, 'publish');

export const wrongAction: typeof actions = {
  ...actions,
  // @ts-expect-error -- an action answers with its own reply
  publish: async () => ({}),
};

// @ts-expect-error -- an operation of the HTTP API has a line in the table
export const withoutOperation: typeof handlers = without(handlers, 'revoke');

// @ts-expect-error -- a need is bound to permissions (lib/functions/bindings.ts)
export const withoutNeed: Bindings = without(bindings, 'token-secret');

// @ts-expect-error -- a trigger is wired (lib/functions/triggers.ts)
export const withoutTrigger: Wirings = without(wirings, 'schedule');

// @ts-expect-error -- a group of the smoke command finds a planted fault (docs/smoke.md)
export const withoutPlant: typeof plants = without(plants, 'handshake');
