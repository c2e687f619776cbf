/** Whether a stage lets connections in that have no token. */

import { describe, expect, it } from 'vitest';
import { type ActionAccess, action } from '../../../../lambdas/own-logic/own-action.ts';
import { admitsAnonymous } from '../../../../lambdas/realtime/access/namespaces.ts';
import { anything, config } from '../../own-actions/own-actions-fixture.ts';

const withAction = (access: ActionAccess) => ({
  ...config,
  actions: { vote: action(anything, () => 1, { access }) },
});

describe('a stage whose namespaces are for servers only', () => {
  it('admits no connection without a token', () => {
    expect(admitsAnonymous(config)).toBe(false);
  });

  it.each(['signed-in', 'any-token', 'servers'] as const)('admits none for an action for %s', (access) => {
    expect(admitsAnonymous(withAction(access))).toBe(false);
  });

  it('admits them for an action that anyone may call', () => {
    expect(admitsAnonymous(withAction('anyone'))).toBe(true);
  });
});
