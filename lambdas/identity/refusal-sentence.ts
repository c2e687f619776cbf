/** Tells a person why a handshake was refused, and what to do. The sentence contains no part of the token. */

/** By the words of `admission.ts` and `token-verifier.ts`, which are for programs. */
const sentences = new Map([
  [
    'not by the edge',
    'The request did not come through the edge of this stage: connect to the URL of the edge.',
  ],
  [
    'origin',
    'Pages of this website may not connect: name its origin in `origins` of lib/settings/stage-settings.ts.',
  ],
  [
    'cross-site',
    'A page of another site caused this request and sent no origin: pages have to use WebSocket, EventSource, or fetch with CORS.',
  ],
  ['several tokens', 'The handshake has different tokens in different places: send one token, in one place.'],
  [
    'bad client',
    'The name that the client made up is not accepted: it needs 16 to 64 random characters of A-Za-z0-9_- (docs/protocol.md).',
  ],
  ['several clients', 'The handshake has different names of the client: send one, in one place.'],
  ['no token', 'The handshake has no token, and this stage lets no client in without one: send a token.'],
  ['expired', 'The token has expired: get a new one, and connect with that.'],
  [
    'bad claims',
    'A claim of the token has the wrong form: look at sub, exp, channels and info (docs/protocol.md).',
  ],
  [
    'unknown issuer',
    'The issuer of the token is not accepted: name it in `tokens.issuers` of lib/settings/stage-settings.ts, or get a token of this stage.',
  ],
  [
    'claim aud',
    'The token is for another stage, or for the HTTP API: get a token whose claim aud is for clients of this stage.',
  ],
  [
    'claim client_id',
    'The token is for another client of its issuer: look at `audience` in lib/settings/stage-settings.ts.',
  ],
  ['claim nbf', 'The token is not valid yet: its claim nbf is in the future.'],
  [
    'claim iat',
    'The token was issued in the future: its claim iat is later than now, so the clock of its issuer is wrong.',
  ],
  [
    "another issuer's user",
    'The claim sub begins with the `userPrefix` of another issuer: only that issuer has users of this name (lib/settings/stage-settings.ts).',
  ],
  ['claim sub', 'The token does not say whose it is: it needs the claim sub.'],
  ['claim exp', 'The token does not say when it ends: it needs the claim exp.'],
  [
    'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    'The signature of the token is wrong: it was signed with the secret of another stage, or it was changed.',
  ],
  [
    'ERR_JWKS_NO_MATCHING_KEY',
    'The token was signed with a key that its issuer does not publish: look at `jwksUrl` in lib/settings/stage-settings.ts.',
  ],
  [
    'ERR_JOSE_ALG_NOT_ALLOWED',
    'The token is signed by an algorithm that is not accepted of its issuer: look at `algorithms` in lib/settings/stage-settings.ts.',
  ],
  ['ERR_JOSE_NOT_SUPPORTED', 'The token is signed in a way that is not supported.'],
  [
    'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
    'The token does not say which key of its issuer signed it: it needs the header kid.',
  ],
]);

const NO_TOKEN = 'This is not a signed token (JWT): a part of it may be missing.';

/** @param reason One of a few words, or a code of `jose`. */
export function refusalSentence(reason: string): string {
  const claim = /^claim (?<name>[a-z]+)$/.exec(reason)?.groups?.['name'];
  const ofClaim = claim === undefined ? undefined : `The claim ${claim} of the token is not accepted.`;
  return sentences.get(reason) ?? ofClaim ?? NO_TOKEN;
}
