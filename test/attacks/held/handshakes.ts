/** Attacks on the handshake: forged tokens, tokens for others, and pages that pretend to be the stage's own. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { expect } from 'vitest';
import { keyOf, OWN_ISSUER } from '../../../lambdas/identity/own-token.ts';
import { recordSecret } from '../../leaks/evidence.ts';
import type { AttackedStage, Attacks } from '../attacked-stage.ts';

const now = () => Math.floor(Date.now() / 1000);

const good = (): JWTPayload => ({ iss: OWN_ISSUER, aud: 'local', sub: 'ann', iat: now(), exp: now() + 600 });

async function signed(
  { secret }: Pick<AttackedStage, 'secret'>,
  claims: JWTPayload,
  header: Record<string, unknown> = {},
): Promise<string> {
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
    .sign(keyOf(secret));
  recordSecret(token);
  return token;
}

/** A token that differs from a good one in these claims; `undefined` takes a claim away. */
const withClaims =
  (changes: Readonly<Record<string, unknown>>) =>
  async (stage: AttackedStage): Promise<void> => {
    expect(await stage.enter(await signed(stage, { ...good(), ...changes }))).toBe(401);
  };

const fromPage =
  (origin: string) =>
  async (stage: AttackedStage): Promise<void> => {
    expect(await stage.handshake([SUBPROTOCOL], { Origin: origin })).toBe(403);
  };

export const handshakes: Attacks = {
  'a token without a signature opens nothing': async (stage) => {
    expect(await stage.enter(new UnsecuredJWT(good()).encode())).toBe(401);
  },
  'a token that is signed with an empty secret opens nothing': async (stage) => {
    const token = await new SignJWT(good())
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('0'.repeat(32)));
    expect(await stage.enter(token)).toBe(401);
  },
  'a token that names a stronger algorithm of the same secret opens nothing': async (stage) => {
    expect(await stage.enter(await signed(stage, good(), { alg: 'HS512' }))).toBe(401);
  },
  'a token that brings its own key opens nothing': async (stage) => {
    const jwk = { kty: 'oct', k: Buffer.from('mine').toString('base64url') };
    const token = await new SignJWT(good())
      .setProtectedHeader({ alg: 'HS256', jwk })
      .sign(new TextEncoder().encode('mine'.repeat(8)));
    expect(await stage.enter(token)).toBe(401);
  },
  'a token with a critical extension that the stage does not know opens nothing': async (stage) => {
    const token = await signed(stage, good());
    const [, payload, signature] = token.split('.');
    const header = Buffer.from('{"alg":"HS256","crit":["exp2"],"exp2":1}').toString('base64url');
    expect(await stage.enter(`${header}.${payload}.${signature}`)).toBe(401);
  },
  'a token of another issuer opens nothing': withClaims({ iss: 'https://evil.example/' }),
  'a token of another stage opens nothing': withClaims({ aud: 'prod' }),
  'a token for servers opens no socket': withClaims({ aud: 'local/servers' }),
  'a token without an audience opens nothing': withClaims({ aud: undefined }),
  'a token that never ends opens nothing': withClaims({ exp: undefined }),
  'a token that has ended opens nothing': withClaims({ iat: now() - 7_200, exp: now() - 3_600 }),
  'a token that is not valid yet opens nothing': withClaims({ nbf: now() + 600 }),
  'a token of no user opens nothing': withClaims({ sub: undefined }),
  'a token of a user without a name opens nothing': withClaims({ sub: '' }),
  'a token of a user whose name is half a character opens nothing': withClaims({ sub: 'ann\ud800' }),
  'a token whose channels are no table opens nothing': withClaims({ channels: '*' }),
  'a token that grants every namespace by a pattern in its middle opens nothing': withClaims({
    channels: { 'c*t:room': ['subscribe'] },
  }),
  'a token with a permission that does not exist opens nothing': withClaims({
    channels: { 'chat:*': ['subscribe', 'admin'] },
  }),
  'a token that says a kilobyte and more about its user opens nothing': withClaims({
    info: 'x'.repeat(1_100),
  }),
  'two good tokens of two users open nothing': async (stage) => {
    const tokens = [await stage.mint('ann'), await stage.mint('bob')];
    expect(await stage.handshake([SUBPROTOCOL, ...tokens])).toBe(401);
    expect(await stage.handshake([SUBPROTOCOL, tokens[0] ?? ''], {}, `?token=${tokens[1]}`)).toBe(401);
  },
  'another scheme of authorization is no way to be anonymous': async (stage) => {
    expect(await stage.handshake([SUBPROTOCOL], { Authorization: 'Basic YW5uOmFubg==' })).toBe(401);
  },
  'a page of another site is kept out': fromPage('https://evil.example'),
  'a page whose site begins like this machine is kept out': fromPage('http://localhost.evil.example'),
  'a page whose site ends like this machine is kept out': fromPage('http://evil-localhost:8080'),
  'a page of this machine by another scheme is kept out': fromPage('https://localhost:8080'),
  'a page with this machine as its user name is kept out': fromPage('http://localhost:8080@evil.example'),
  'a path below the stage is no way in': async (stage) => {
    expect(await stage.handshake([SUBPROTOCOL], {}, '/admin')).toBe(403);
  },
};
