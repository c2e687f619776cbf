/** What the client reads of its own token: for how long it is good. Whether it is, only the server can say. */

/** As a JWT has them: seconds since 1970 (RFC 7519, section 4.1), or whatever somebody wrote there. */
interface Claims {
  readonly exp?: unknown;
  readonly iat?: unknown;
}

/**
 * How long a token is good for, from now on. Milliseconds.
 *
 * Not above 0, or not a number, when that cannot be known: it is not a JWT, has no `exp`, or one in the past; then either
 * the clock here is wrong, or the server will refuse it. A clock that is behind shows in `iat`: it is never before the issue.
 */
export function lifetimeMs(token: string | undefined, nowMs: number): number {
  try {
    const [, payload] = `${token}`.split('.');
    // `atob` leaves UTF-8 undecoded, which garbles names, but neither JSON nor numbers.
    const { exp, iat = 0 }: Claims = JSON.parse(atob(`${payload}`.replaceAll('-', '+').replaceAll('_', '/')));
    return Number(exp) * 1_000 - Math.max(nowMs, Number(iat) * 1_000);
  } catch {
    return 0;
  }
}
