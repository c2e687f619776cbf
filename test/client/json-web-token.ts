/** Tokens as the client sees them: it looks at the claims, and leaves the signature to the server. */

export function jsonWebToken(claims: unknown): string {
  return rawToken(JSON.stringify(claims));
}

/** With this text in place of the claims. */
export function rawToken(payload: string): string {
  const parts = ['{"alg":"HS256"}', payload, 'signature'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** When a token ends. Milliseconds since 1970. */
export function expiryOf(token = ''): number {
  const [, payload = ''] = token.split('.');
  const { exp }: { exp?: unknown } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return Number(exp) * 1_000;
}
