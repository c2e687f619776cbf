/** Events of a handshake, for the authorizer and for `$connect`: tokens in every place, origins, subprotocols, and identities. */

import fc from 'fast-check';
import { contextOf } from '../../lambdas/identity/authorizer-context.ts';
import { anyString } from './json-text.ts';
import { type Keys, tokens } from './signed-tokens.ts';

/** Websites whose pages may connect to the stage that is tried here. */
export const ORIGINS = ['https://app.example.com', 'https://*.example.org', 'http://localhost:*'];

const origin = fc.constantFrom(
  ...[
    'https://app.example.com',
    'https://a.example.org',
    'http://localhost:3000',
    'http://localhost',
    'null',
    '',
  ],
  ...[
    'https://example.org',
    'https://evil-example.org',
    'https://example.org.evil.test',
    'https://evil.test/.example.org',
  ],
  ...[
    'http://app.example.com',
    'https://app.example.com:443',
    'https://APP.example.com',
    'https://app.example.com.',
  ],
  ...[
    'https://user@app.example.com',
    'https://a.example.org#',
    'https://*.example.org',
    '*',
    'http://localhost:*',
    'http://localhost.evil.test',
  ],
);

type Headers = Readonly<Record<string, string>>;

/** A header under one of its spellings, or none. */
function header(names: readonly string[], value: fc.Arbitrary<string>, share: number): fc.Arbitrary<Headers> {
  return fc.oneof(
    {
      weight: share,
      arbitrary: fc.tuple(fc.constantFrom(...names), value).map(([name, said]) => ({ [name]: said })),
    },
    { weight: 10 - share, arbitrary: fc.constant({}) },
  );
}

const PROTOCOL = ['Sec-WebSocket-Protocol', 'sec-websocket-protocol'];

function offers(token: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    token.map((one) => `fanfare.v1, ${one}`),
    fc.tuple(token, token).map(([one, other]) => `fanfare.v1,${one},${other}`),
    token.map((one) => `${one}, fanfare.v1`),
    fc.constantFrom('fanfare.v1', 'fanfare.v1,fanfare.v2', 'fanfare.v1,', ' fanfare.v1 ', ',', ''),
    fc.constantFrom('fanfare.v2', 'FANFARE.V1', 'graphql-ws', '__proto__', 'fanfare.v1;x'),
    fc.constantFrom('fanfare.', 'fanfare.v1 fanfare.v2', 'v1', 'null'),
    anyString(8),
  );
}

function event(headers: readonly Headers[], requestContext: object, query?: Headers) {
  return {
    headers: Object.assign({ Host: 'abc123.execute-api.eu-central-1.amazonaws.com' }, ...headers),
    ...(query && { queryStringParameters: query }),
    requestContext: {
      routeKey: '$connect',
      eventType: 'CONNECT',
      requestId: 'JC1dgHAcoAMF7cQ=',
      stage: 'prod',
      connectedAt: Date.now(),
      ...requestContext,
    },
  };
}

export const METHOD = 'arn:aws:execute-api:eu-central-1:111111111111:abc123/prod/$connect';

const connectionId = fc.base64String({ minLength: 16, maxLength: 16 });

/** The event of an authorizer (EV-9). */
export function authorizerEvents(keys: Keys) {
  const token = tokens(keys);
  const bearer = fc.oneof(
    { weight: 4, arbitrary: token.map((one) => `Bearer ${one}`) },
    { weight: 1, arbitrary: token.map((one) => `bearer   ${one} `) },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.constantFrom('Bearer', 'Bearer ', 'Basic YTpi', ''), token, anyString(12)),
    },
  );
  const query = fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: token.map((one) => ({ token: one })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ token: '' }, { Token: 'x' }, JSON.parse('{"__proto__":"x"}'), {}),
    },
  );
  return fc
    .record({
      authorization: header(['Authorization', 'authorization'], bearer, 2),
      offer: header(PROTOCOL, offers(token), 4),
      origin: header(['Origin', 'origin'], origin, 2),
      query,
      connectionId,
    })
    .map(({ authorization, offer, origin: page, query: asked, connectionId: id }) => ({
      type: 'REQUEST',
      methodArn: METHOD,
      ...event([authorization, offer, page], { connectionId: id }, asked),
    }));
}

const identity = fc.record({
  user: fc.constantFrom('ann', 'auth0|5f7c', '💥', ' ', '__proto__', 'constructor', 'x'.repeat(158)),
  issuedAt: fc.constantFrom(0, 1_600_000_000),
  expiresAt: fc.constantFrom(1, 9_999_999_999),
});

const authorizer = fc.oneof(
  fc.constant({ principalId: 'anonymous' }),
  identity.map((who) => ({ principalId: who.user, ...contextOf(who, who.expiresAt) })),
);

/** The event of `$connect` for an admitted client (EV-1, EV-14). */
export const connectEvents = fc
  .record({
    offer: header(PROTOCOL, offers(anyString(8)), 9),
    page: header(['Origin'], origin, 4),
    authorizer,
    connectionId,
  })
  .map(({ offer, page, ...context }) => event([offer, page], context));
