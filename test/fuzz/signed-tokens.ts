/** Tokens for handshakes: texts with valid signatures and any claims, and the same texts changed after signing. */

import { createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import fc from 'fast-check';
import { field, object, text } from './json-objects.ts';
import { around, damaged } from './json-text.ts';

export interface Keys {
  /** The stage's own. */
  readonly secret: string;
  /** A provider's, for RS256. */
  readonly provider: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
}

export const PROVIDER = 'https://id.example.com/';
export const PROVIDER_KEY = 'first';

const HOUR = 3_600;
const seconds = () => Math.floor(Date.now() / 1000);

const user = fc
  .constantFrom('ann', 'auth0|5f7c', '💥', '', ' ', '__proto__', '\ud800', 'x'.repeat(158), 'x'.repeat(159))
  .map(text);

const channels = fc.constantFrom(
  ...[
    '{}',
    '{"chat:*":["subscribe"]}',
    '{"*":["publish","members"]}',
    '{"chat:*":["fly"]}',
    '{"cha*":["subscribe"]}',
  ],
  ...[
    '[]',
    '{"__proto__":["subscribe"]}',
    `{"chat:${'x'.repeat(150)}*":[${Array(400).fill('"subscribe"').join()}]}`,
  ],
);

const grants = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: channels.map((value) => `"channels":${value}`) },
);

function claims(issuer: string, audience: string): fc.Arbitrary<string> {
  return object([
    field('iss', fc.constant(text(issuer))),
    field('aud', fc.constantFrom(text(audience), text(['x', audience]))),
    field('sub', user),
    field(
      'exp',
      fc
        .oneof({ weight: 8, arbitrary: around(HOUR, 10) }, { weight: 1, arbitrary: around(-HOUR, 10) })
        .map((ahead) => text(seconds() + ahead)),
    ),
    field('iat', fc.constant(text(1_600_000_000))),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom(-HOUR, HOUR).map((ahead) => `"nbf":${seconds() + ahead}`) },
    ),
    grants,
  ]);
}

function header(algorithm: string): fc.Arbitrary<string> {
  return object([
    field(
      'alg',
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(text(algorithm)) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('none', 'None', 'HS512', 'RS256', 'HS256', 'ES256', 'dir').map(text),
        },
      ),
    ),
    field('kid', fc.constantFrom(PROVIDER_KEY, 'second', '../../etc/passwd').map(text)),
    fc.oneof(
      { weight: 12, arbitrary: fc.constant('"typ":"JWT"') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '"crit":["exp"]',
          '"b64":false,"crit":["b64"]',
          '"zip":"DEF"',
          '"jku":"http://127.0.0.1:1/"',
          '"jwk":{"kty":"oct","k":"AAAA"}',
          '"enc":"A128GCM"',
        ),
      },
    ),
  ]);
}

const encoded = (json: string) => Buffer.from(json).toString('base64url');

/** Signed by the stage, by the provider, by neither, or with the provider's public key as the stage's secret. */
export function tokens({ secret, provider }: Keys): fc.Arbitrary<string> {
  const publicKey = provider.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const byStage = fc.tuple(
    header('HS256'),
    claims('fanfare', 'prod'),
    fc.constantFrom(secret, secret, secret, secret, `${secret}x`, '', publicKey),
  );
  const byProvider = fc.tuple(header('RS256'), claims(PROVIDER, 'fanfare-app'));
  const signed = fc.oneof(
    {
      weight: 6,
      arbitrary: byStage.map(([head, body, key]) => compact(head, body, (input) => hmac(key, input))),
    },
    {
      weight: 1,
      arbitrary: byProvider.map(([head, body]) =>
        compact(head, body, (input) => sign('sha256', Buffer.from(input), provider.privateKey)),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(header('none'), claims('fanfare', 'prod'))
        .map(([head, body]) => compact(head, body, () => Buffer.alloc(0))),
    },
  );
  return fc.oneof(
    { weight: 6, arbitrary: signed },
    { weight: 2, arbitrary: damaged(signed) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '.', '..', '...', 'a.b.c', 'null', 'e30.e30.', 'x'.repeat(4_000)),
    },
  );
}

function compact(head: string, body: string, signature: (input: string) => Buffer): string {
  const input = `${encoded(head)}.${encoded(body)}`;
  return `${input}.${signature(input).toString('base64url')}`;
}

function hmac(key: string, input: string): Buffer {
  return createHmac('sha256', key).update(input).digest();
}

/** Whether the signature is valid. This check does not use the library that the function uses. */
export function isSigned(token: string, { secret, provider }: Keys): boolean {
  const at = token.lastIndexOf('.');
  const [input, signature] = [token.slice(0, at), Buffer.from(token.slice(at + 1), 'base64url')];
  const expected = hmac(secret, input);
  if (signature.length === expected.length) return timingSafeEqual(signature, expected);
  return verify('sha256', Buffer.from(input), provider.publicKey, signature);
}
