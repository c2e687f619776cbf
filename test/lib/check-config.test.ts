import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import config from '../../fanfare.config.ts';
import { action } from '../../lambdas/own-logic/own-action.ts';
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
    ['values', 'for ever', `is "for ever", which is not allowed: it is { hours }`],
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

  it('names a packed namespace without a history', () => {
    const wrong = defineConfig(withNamespace('room', { delivery: 'packed', history: 'none' }));

    expect(() => checkConfig(wrong, { local: true })).toThrow(
      new SettingError(
        "fanfare.config.ts: room is packed and keeps no history: packed messages are delivered from the log. Set history, or delivery to 'direct'.",
      ),
    );
  });

  it.each([-1, 0.5, 301, '1'])('names a wrong window of packed delivery: %j', (windowSeconds) => {
    const wrong = () => Object.assign({}, valid, { packing: { windowSeconds } });

    expect(check(wrong)).toThrow(
      `fanfare.config.ts: packing.windowSeconds is ${JSON.stringify(windowSeconds)}, which is not allowed: it is a whole number from 0 to 300`,
    );
  });

  it('passes windows from 0 to 300 seconds, and both kinds of delivery', () => {
    for (const windowSeconds of [0, 1, 300])
      expect(check(() => Object.assign({}, valid, { packing: { windowSeconds } }))).not.toThrow();
    for (const delivery of ['direct', 'packed'])
      expect(check(withNamespace('room', { delivery }))).not.toThrow();
  });

  it('names another kind of delivery', () => {
    expect(check(withNamespace('room', { delivery: 'batched' }))).toThrow(
      `namespaces.room.delivery is "batched", which is not allowed: it is 'direct' or 'packed'`,
    );
  });

  it('names another kind of subscriptions', () => {
    expect(check(withNamespace('room', { subscriptions: 'shared' }))).toThrow(
      `namespaces.room.subscriptions is "shared", which is not allowed: it is 'separate' or 'grouped'`,
    );
  });

  it('names a grouped namespace with presence, and a grouped built-in one', () => {
    const presence = { lingerSeconds: 10 };
    const wrong = defineConfig(
      withNamespace('room', { subscriptions: 'grouped', presence, members: 'anyone' }),
    );
    expect(() => checkConfig(wrong, { local: true })).toThrow(
      "fanfare.config.ts: room is grouped and has presence: its connections share rows, which tell of no single channel. Set presence to 'none', or subscriptions to 'separate'.",
    );

    const { builtIn } = valid;
    const all = { ...builtIn['@all'], subscriptions: 'grouped' as const };
    const builtInGrouped = defineConfig(() => ({ ...valid, builtIn: { ...builtIn, '@all': all } }));
    expect(() => checkConfig(builtInGrouped, { local: true })).toThrow('@all is grouped: a connection has');
  });

  it('names another rule for edits, and passes the two that there are', () => {
    for (const edit of ['author', 'servers']) expect(check(withNamespace('room', { edit }))).not.toThrow();
    expect(check(withNamespace('room', { edit: 'anyone' }))).toThrow(
      `namespaces.room.edit is "anyone", which is not allowed: it is 'author' or 'servers'`,
    );
  });

  it.each([
    [{ edit: 'author', history: 'none', presence: 'none' }, 'room has edit and keeps no history'],
    [{ edit: 'author', publish: 'servers' }, "room has edit: 'author', but only servers publish"],
  ])('names a rule for edits that makes no sense: %j', (changed, sentence) => {
    const wrong = defineConfig(withNamespace('room', changed));

    expect(() => checkConfig(wrong, { local: true })).toThrow(sentence);
  });

  it('names a namespace that no channel could have', () => {
    expect(check(withNamespace('my room', {}))).toThrow(
      'fanfare.config.ts: namespaces.my room is "my room", which is not allowed: the name of a namespace is',
    );
  });

  const vote = action(v.unknown(), () => 1);
  const withAction = (name: string, changed: object) => () =>
    Object.assign({}, valid, { actions: { [name]: { ...vote, ...changed } } });

  it.each(['publish', 'error', 'my vote', '2votes'])('names an action that cannot be called: %s', (name) => {
    expect(check(withAction(name, {}))).toThrow(
      `fanfare.config.ts: actions.${name} is ${JSON.stringify(name)}, which is not allowed: the`,
    );
  });

  it.each([
    ['access', 'everyone', 'is "everyone", which is not allowed: it is one of \'signed-in\''],
    ['budgetMs', 10_001, 'is 10001, which is not allowed: it is a whole number of milliseconds'],
    ['budgetMs', 0, 'is 0, which is not allowed'],
    ['prepare', undefined, 'is undefined, which is not allowed: action(...) makes it'],
  ])('names a wrong %s of an action: %j', (member, value, sentence) => {
    expect(check(withAction('vote', { [member]: value }))).toThrow(`actions.vote.${member} ${sentence}`);
  });

  it('passes an action', () => {
    expect(check(withAction('vote', {}))).not.toThrow();
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

  it('passes handlers, schemas of three kinds, and budgets up to the longest', () => {
    const callable = Object.assign(() => {}, {
      '~standard': { version: 1, vendor: 'x', validate: () => ({}) },
    });
    const namespaces = [
      { onSubscribe: () => {}, onPublish: async () => {}, budgetMs: { onSubscribe: 1, onPublish: 10_000 } },
      { schema: v.string(), budgetMs: {} },
      { schema: z.string() },
      { schema: callable },
    ];
    for (const logic of namespaces) expect(check(withNamespace('room', logic))).not.toThrow();
    const onConnect = { onConnect: () => {}, connectBudgetMs: 5_000 };
    expect(check(() => ({ ...valid, ...onConnect }))).not.toThrow();
  });

  it.each([
    ['onPublish', 'checkText', 'is "checkText", which is not allowed: a handler is a function'],
    ['onSubscribe', { run: 1 }, 'is {"run":1}, which is not allowed: a handler is a function'],
    ['schema', { type: 'string' }, 'is {"type":"string"}, which is not allowed: it is a Standard Schema'],
    ['onPubish', () => {}, 'is "onPubish", which is not allowed: a namespace has subscribe, publish'],
    ['onConnect', () => {}, 'is "onConnect", which is not allowed: a namespace has subscribe, publish'],
    ['budgetMs', { onPublish: 0 }, '.onPublish is 0, which is not allowed: it is a whole number of milli'],
    ['budgetMs', { onPublish: 10_001 }, '.onPublish is 10001, which is not allowed: it is a whole number'],
    ['budgetMs', { onPublish: '3s' }, '.onPublish is "3s", which is not allowed: it is a whole number of'],
    [
      'budgetMs',
      { publish: 10 },
      '.publish is "publish", which is not allowed: budgetMs has onSubscribe and on',
    ],
  ])('names a wrong %s: %j', (member, value, sentence) => {
    const space = sentence.startsWith('.') ? '' : ' ';

    expect(check(withNamespace('room', { [member]: value }))).toThrow(
      `fanfare.config.ts: namespaces.room.${member}${space}${sentence}`,
    );
  });

  it.each([
    [
      { onConect: () => {} },
      'onConect is "onConect", which is not allowed: the configuration has namespaces',
    ],
    [{ onConnect: true }, 'onConnect is true, which is not allowed: a handler is a function'],
    [{ connectBudgetMs: 5_001 }, 'connectBudgetMs is 5001, which is not allowed: it is a whole number of'],
  ])('names a wrong part of the whole: %j', (part, sentence) => {
    const wrong = (): FanfareConfig => Object.assign({}, valid, part);

    expect(check(wrong)).toThrow(`fanfare.config.ts: ${sentence}`);
  });

  it('refuses onSubscribe of a built-in channel, in which connections are from the start', () => {
    const builtIn = { ...valid.builtIn, '@user': { ...valid.builtIn['@user'], onSubscribe: () => {} } };

    const wrong = defineConfig(() => ({ ...valid, builtIn }));

    expect(() => checkConfig(wrong, { local: true })).toThrow(
      'fanfare.config.ts: @user has onSubscribe: every connection is in a built-in channel from the start',
    );
  });
});
