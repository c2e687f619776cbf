/** The tokens of one run: signed with the stage's secret, remembered, and taken out of everything that is shown. */

import { type OwnToken, serverAudience, signOwnToken } from '../lambdas/identity/own-token.ts';

/** Longer than the longest run, which waits two hours. Seconds. */
const LIFETIME_SECONDS = 3 * 60 * 60;

/** A little before now, because revocations and clocks count whole seconds. */
const ISSUED_BEFORE_SECONDS = 2;

export class Tokens {
  private readonly stageName: string;
  private readonly secret: string;
  private readonly signed: string[] = [];

  constructor(stageName: string, secret: string) {
    this.stageName = stageName;
    this.secret = secret;
  }

  /** A token for a connection of this user, with claims that replace the usual ones. */
  async ofUser(
    user: string,
    different: Partial<OwnToken> & { readonly secret?: string } = {},
  ): Promise<string> {
    const { secret = this.secret, ...claims } = different;
    const issuedAt = Math.floor(Date.now() / 1000) - ISSUED_BEFORE_SECONDS;
    const expiresAt = issuedAt + LIFETIME_SECONDS;
    const token = await signOwnToken(secret, {
      user,
      audience: this.stageName,
      issuedAt,
      expiresAt,
      ...claims,
    });
    this.signed.push(token);
    return token;
  }

  /** For the HTTP API: everything is allowed. */
  ofServer(name: string): Promise<string> {
    return this.ofUser(name, { audience: serverAudience(this.stageName) });
  }

  /** The signatures of all tokens so far; each is a part of one token only. */
  signatures(): readonly string[] {
    return this.signed.flatMap((token) => token.split('.').slice(2));
  }

  /** The text without the tokens of this run. */
  redact(text: string): string {
    const parts = [this.secret, ...this.signed, ...this.signatures()];
    return parts.reduce((safe, part) => safe.replaceAll(part, '(a token)'), text);
  }
}
