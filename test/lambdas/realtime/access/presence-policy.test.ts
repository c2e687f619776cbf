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
    'is refused with a time of %d seconds, by the name of the namespace',
    (lingerSeconds) => {
      expect(() => declare({ presence: { lingerSeconds } })).toThrow(/^room: lingerSeconds is from 0 to 60/);
    },
  );

  it.each<[Partial<NamespacePolicy>]>([
    [{ members: 'servers' }],
    [{ members: 'owner' }],
    [{ subscribe: 'servers' }],
    [{ subscribe: 'owner' }],
  ])('is refused when no subscriber would hear of it: %j', (policy) => {
    const presence = { lingerSeconds: 1 };

    expect(() => declare({ ...policy, presence })).toThrow(/^room has presence, but no subscriber/);
    expect(() => declare({ ...policy, presence: 'none' })).not.toThrow();
  });

  it.each<AccessRule>(['anyone', 'signed-in', 'granted'])(
    'is allowed where %s may see members',
    (members) => {
      expect(() => declare({ members, presence: { lingerSeconds: 1 } })).not.toThrow();
    },
  );

  it.each(['@all', '@user'])('is refused for %s', (name) => {
    expect(() => declare({ presence: { lingerSeconds: 1 } }, name)).toThrow(`${name} has presence`);
  });

  it('of the app makes sense, here and deployed', () => {
    for (const local of [true, false]) expect(() => config({ local })).not.toThrow();
  });

  it('has users linger for as long as it says, and not at all without presence', () => {
    expect(lingerMsOf({ presence: { lingerSeconds: 2.5 } })).toBe(2_500);
    expect(lingerMsOf({ presence: 'none' })).toBe(0);
  });
});
