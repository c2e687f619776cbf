/** How long the client's own token lasts. The client cannot verify it, so it only reads the times. */

/** Seconds since 1970 in a JWT (RFC 7519, section 4.1). The client checks nothing, so they may be any JSON. */
interface Claims {
  readonly exp?: unknown;
  readonly iat?: unknown;
}

/**
 * The time from now until the token expires. Milliseconds.
 *
 * 0, negative or `NaN` if it is not known: the token is not a JWT, has no `exp`, or has one in the past. In the last case the clock
 * here is wrong, or the server will refuse the token. A clock that is behind shows in `iat`: now cannot be before the issue.
 */
export function lifetimeMs(token: string | undefined, nowMs: number): number {
  try {
    const [, payload] = `${token}`.split('.');
    // `atob` does not decode UTF-8. That garbles names, but not the numbers.
    const { exp, iat = 0 }: Claims = JSON.parse(atob(`${payload}`.replaceAll('-', '+').replaceAll('_', '/')));
    return Number(exp) * 1_000 - Math.max(nowMs, Number(iat) * 1_000);
  } catch {
    return 0;
  }
}
