import { describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import {
  type AccessRule,
  defineConfig,
  type NamespacePolicy,
} from '../../../../lambdas/realtime/access/namespaces.ts';
import { lingerMsOf, type PresencePolicy } from '../../../../lambdas/realtime/access/presence-policy.ts';

const anyone: NamespacePolicy = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: 'none',
  presence: 'none',
};

/** Declares one namespace, and asks for it as the app does. */
function declare(policy: Partial<NamespacePolicy>, name = 'room') {
  const builtIn = { '@all': anyone, '@user': anyone };
  const namespaces = { [name]: { ...anyone, ...policy } };
  const isBuiltIn = name.startsWith('@');
  return defineConfig(() =>
    isBuiltIn ? { namespaces: {}, builtIn: { ...builtIn, ...namespaces } } : { namespaces, builtIn },
  )({
    local: true,
  });
}

describe('presence in a configuration', () => {
  it.each<PresencePolicy>(['none', { lingerSeconds: 0 }, { lingerSeconds: 0.5 }, { lingerSeconds: 60 }])(
    'may be %j',
    (presence) => {
      expect(declare({ presence }).namespaces).toMatchObject({ room: { presence } });
    },
  );

  it.each([-1, 60.1, 3_600, Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused with a time of %d seconds, and the error names the namespace',
    (lingerSeconds) => {
      expect(() => declare({ presence: { lingerSeconds } })).toThrow(/^room: lingerSeconds is from 0 to 60/);
    },
  );

  it.each<[Partial<NamespacePolicy>]>([
    [{ members: 'servers' }],
    [{ members: 'owner' }],
    [{ subscribe: 'servers' }],
    [{ subscribe: 'owner' }],
  ])('is refused when no subscriber may see members: %j', (policy) => {
    const presence = { lingerSeconds: 1 };

    expect(() => declare({ ...policy, presence })).toThrow(/^room has presence, but no subscriber/);
    expect(() => declare({ ...policy, presence: 'none' })).not.toThrow();
  });

  it.each<AccessRule>(['anyone', 'signed-in', 'granted'])('is allowed if %s may see members', (members) => {
    expect(() => declare({ members, presence: { lingerSeconds: 1 } })).not.toThrow();
  });

  it.each(['@all', '@user'])('is refused for %s', (name) => {
    expect(() => declare({ presence: { lingerSeconds: 1 } }, name)).toThrow(`${name} has presence`);
  });

  it('of the app is valid, on a laptop and deployed', () => {
    for (const local of [true, false]) expect(() => config({ local })).not.toThrow();
  });

  it('sets how long users linger, which is 0 without presence', () => {
    expect(lingerMsOf({ presence: { lingerSeconds: 2.5 } })).toBe(2_500);
    expect(lingerMsOf({ presence: 'none' })).toBe(0);
  });
});
