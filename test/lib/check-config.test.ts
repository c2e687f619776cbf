import { describe, expect, it } from 'vitest';
import config from '../../fanfare.config.ts';
import { defineConfig, type FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';
import { checkConfig } from '../../lib/settings/check-config.ts';
import { SettingError } from '../../lib/settings/setting-error.ts';

const valid = config({ local: true });

/** A configuration with a namespace that the compiler would refuse; but people start it without asking the compiler. */
function withNamespace(name: string, changed: object): () => FanfareConfig {
  const namespaces = { ...valid.namespaces, [name]: { ...valid.namespaces['chat'], ...changed } };
  return () => Object.assign({}, valid, { namespaces });
}

const check = (wrong: () => FanfareConfig) => () => checkConfig(wrong, { local: true });

describe('the check of fanfare.config.ts', () => {
  it.each([true, false])('passes the present configuration, local: %j', (local) => {
    expect(() => checkConfig(config, { local })).not.toThrow();
  });

  it.each([
    ['publish', 'everyone', `is "everyone", which is not allowed: it is one of 'anyone', 'signed-in'`],
    ['history', '24h', `is "24h", which is not allowed: it is 'none', or { hours }`],
    ['presence', 10, `is 10, which is not allowed: it is 'none', or { lingerSeconds }`],
    ['members', undefined, 'is undefined, which is not allowed'],
  ])('names a wrong %s: %j', (member, value, sentence) => {
    const wrong = check(withNamespace('room', { [member]: value }));

    expect(wrong).toThrow(SettingError);
    expect(wrong).toThrow(`fanfare.config.ts: namespaces.room.${member} ${sentence}`);
  });

  it('names a wrong number of hours', () => {
    expect(check(withNamespace('room', { history: { hours: 0 } }))).toThrow(
      `fanfare.config.ts: namespaces.room.history.hours is 0, which is not allowed: it is 'none', or { hours }`,
    );
  });

  it('names a namespace that no channel could have', () => {
    expect(check(withNamespace('my room', {}))).toThrow(
      'fanfare.config.ts: namespaces.my room is "my room", which is not allowed: the name of a namespace is',
    );
  });

  it('reports what the configuration itself refuses', () => {
    const wrong = defineConfig(withNamespace('room', { presence: { lingerSeconds: 61 } }));

    expect(() => checkConfig(wrong, { local: true })).toThrow(
      new SettingError('fanfare.config.ts: room: lingerSeconds is from 0 to 60, not 61.'),
    );
  });

  it('leaves errors of its code as they are, with their stack', () => {
    const broken = () => {
      throw new TypeError('x is not a function');
    };

    expect(check(broken)).toThrow(TypeError);
  });
});
