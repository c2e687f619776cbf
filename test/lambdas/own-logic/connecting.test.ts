import { GRANTS_BYTES } from 'fanfare-protocol/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Issuer } from '../../../lambdas/identity/issuer.ts';
import { NotAdmitted } from '../../../lambdas/identity/not-admitted.ts';
import { InvalidToken, tokenVerifier } from '../../../lambdas/identity/token-verifier.ts';
import { HandlerFailure } from '../../../lambdas/own-logic/call.ts';
import { refuse } from '../../../lambdas/own-logic/config.ts';
import { claimMapper } from '../../../lambdas/own-logic/connecting.ts';
import type { ConnectHandlers } from '../../../lambdas/own-logic/handlers.ts';
import { oneSecret } from '../../memory/one-secret.ts';
import {
  claimsFixture,
  NOW,
  type Provider,
  rsaKey,
  sign,
  signBySecret,
  startProvider,
} from '../identity/provider.ts';
import { untyped } from './untyped.ts';

const SECRET = 'a-secret-of-this-stage-a-secret-of-this-stage';
const key = rsaKey('first');

/** The claims of an access token, as Cognito issues it: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
const accessToken = (more: object = {}) =>
  claimsFixture({
    aud: undefined,
    sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    client_id: '1example23456789',
    token_use: 'access',
    scope: 'openid',
    username: 'ann',
    'cognito:groups': ['staff'],
    ...more,
  });

describe('onConnect', () => {
  let provider: Provider;

  beforeEach(async () => {
    provider = await startProvider(key);
  });
  afterEach(() => provider.close());

  const cognito = () => ({ ...provider.issuer, audience: { client_id: '1example23456789' } });

  const verifier = (handlers: ConnectHandlers, issuer: Issuer = cognito()) =>
    tokenVerifier({
      audience: 'prod',
      secrets: oneSecret(SECRET),
      issuers: [issuer],
      clockSkewSeconds: 30,
      now: () => NOW * 1000,
      mapClaims: claimMapper(handlers),
    });

  const verified = async (onConnect: ConnectHandlers['onConnect'], more: object = {}) =>
    verifier(onConnect ? { onConnect } : {})(await sign(key, accessToken(more)));

  it('makes user, grants and info of the claims of any issuer', async () => {
    const identity = await verified(({ username, 'cognito:groups': groups }) => ({
      user: String(username),
      grants: Array.isArray(groups) && groups.includes('staff') ? { 'staff:*': ['subscribe'] } : {},
      info: { name: username },
    }));

    expect(identity).toEqual({
      user: 'ann',
      issuedAt: NOW,
      expiresAt: NOW + 3_600,
      grants: { 'staff:*': ['subscribe'] },
      info: { name: 'ann' },
    });
  });

  it('changes nothing if it returns nothing, or without a handler', async () => {
    const own = { sub: 'eve', channels: { 'chat:*': ['publish'] }, info: 1 };
    const expected = { user: 'eve', grants: own.channels, info: 1 };

    expect(await verified(() => {}, own)).toMatchObject(expected);
    expect(await verified(async () => ({}), own)).toMatchObject(expected);
    expect(await verified(undefined, own)).toMatchObject(expected);
  });

  it('leaves the rights of the token as they are if it names only a user', async () => {
    const channels = { 'chat:a': ['subscribe'] };

    expect(await verified(() => ({ user: 'ann' }), { channels })).toMatchObject({ grants: channels });
  });

  it('may name the user of a token that has no sub, which is refused otherwise', async () => {
    const none = { sub: undefined };

    expect(await verified(({ username }) => ({ user: String(username) }), none)).toMatchObject({
      user: 'ann',
    });
    await expect(verified(() => {}, none)).rejects.toEqual(new InvalidToken('claim sub'));
    await expect(verified(undefined, none)).rejects.toEqual(new InvalidToken('claim sub'));
  });

  it('cannot name a user of another issuer: the prefix goes in front of what it returns', async () => {
    const verify = verifier({ onConnect: () => ({ user: 'ann' }) }, {
      ...cognito(),
      userPrefix: 'pool|',
    } as never);

    expect(await verify(await sign(key, accessToken()))).toMatchObject({ user: 'pool|ann' });
  });

  it('gets the name of the issuer, also of the stage itself', async () => {
    const seen: string[] = [];
    const verify = verifier({ onConnect: (_claims, { issuer }) => void seen.push(issuer) });

    await verify(await sign(key, accessToken()));
    await verify(await signBySecret(SECRET, claimsFixture({ iss: 'fanfare', aud: 'prod' })));

    expect(seen).toEqual([provider.issuer.issuer, 'fanfare']);
  });

  it('is not asked about a token that is refused anyway', async () => {
    const asked = () => {
      throw new Error('asked');
    };

    await expect(verified(asked, { exp: NOW - 31 })).rejects.toEqual(new InvalidToken('expired'));
    await expect(verified(asked, { client_id: 'other' })).rejects.toEqual(
      new InvalidToken('claim client_id'),
    );
  });

  it('refuses by its own sentence', async () => {
    await expect(verified(() => refuse('This account is closed.'))).rejects.toEqual(
      new NotAdmitted('forbidden', 'This account is closed.'),
    );
    await expect(verified(async () => refuse('Sign in again.', 'unauthenticated'))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it.each<[string, unknown, string]>([
    ['a text', 'ann', 'onConnect returned a value of type string; a handler returns'],
    ['true', true, 'onConnect returned a value of type boolean; a handler returns'],
    ['a misspelt field', { grant: {} }, ': look at grant'],
    ['an empty user', { user: '' }, ': look at user'],
    ['a user that is no text', { user: 1 }, ': look at user'],
    ['grants that are not valid', { grants: { '*:x': ['publish'] } }, ': look at grants'],
    [
      'too many grants',
      { grants: { [`a:${'x'.repeat(100)}`]: ['subscribe'], ...many() } },
      ': look at grants',
    ],
    ['too much info', { info: 'x'.repeat(1_024) }, ': look at info'],
    ['info that is not JSON', { info: { at: Number.NaN } }, 'returned data that is not JSON'],
  ])('fails when it returns %s', async (_what, result, sentence) => {
    const failure = verified(() => untyped(result)).catch((error: unknown) => error);

    expect(await failure).toBeInstanceOf(HandlerFailure);
    expect(String(await failure)).toContain(sentence);
  });

  it('fails when it throws or takes too long', async () => {
    await expect(
      verified(() => {
        throw new Error('no table');
      }),
    ).rejects.toThrow('onConnect threw an error');
    const verify = verifier({ onConnect: () => new Promise<undefined>(() => {}), connectBudgetMs: 1 });
    await expect(verify(await sign(key, accessToken()))).rejects.toThrow('onConnect did not end within 1 ms');
  });
});

describe('an issuer whose tokens name a client and no audience', () => {
  let provider: Provider;

  beforeEach(async () => {
    provider = await startProvider(key);
  });
  afterEach(() => provider.close());

  it.each([
    ['this client', {}, 'accepted'],
    ['another client', { client_id: 'other' }, 'claim client_id'],
    ['no client', { client_id: undefined }, 'claim client_id'],
    ['a list of clients', { client_id: ['1example23456789'] }, 'claim client_id'],
    ['this client, and an audience, such as an id token', { aud: '1example23456789' }, 'claim aud'],
  ])('is asked for %s', async (_what, more, outcome) => {
    const verify = tokenVerifier({
      audience: 'prod',
      secrets: oneSecret(SECRET),
      issuers: [{ ...provider.issuer, audience: { client_id: '1example23456789' } }],
      clockSkewSeconds: 30,
      now: () => NOW * 1000,
    });

    const answer = verify(await sign(key, accessToken(more))).then(
      () => 'accepted',
      (error: unknown) => (error instanceof InvalidToken ? error.message : error),
    );

    expect(await answer).toBe(outcome);
  });
});

/** More grants than an authorizer may pass on. */
function many(): Record<string, string[]> {
  const count = Math.ceil(GRANTS_BYTES / 20);
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`chat:${n}`, ['subscribe']]));
}
