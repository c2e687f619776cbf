/** The tokens of one run: handed over or signed with the stage's secret, remembered, and taken out of everything that is shown. */

import { type OwnToken, serverAudience, signOwnToken } from '../lambdas/identity/own-token.ts';
import { NotShown } from './not-shown.ts';
import type { GivenTokens } from './stage.ts';

/** Longer than the longest run, which waits two hours. Seconds. */
const LIFETIME_SECONDS = 3 * 60 * 60;

/** A little before now, because revocations and clocks count whole seconds. */
const ISSUED_BEFORE_SECONDS = 2;

interface TokenSource {
  /** Of the stage. */
  readonly name: string;
  readonly secret: string | undefined;
  readonly given: GivenTokens;
}

export class Tokens {
  private readonly stageName: string;
  private readonly secret: string | undefined;
  private readonly server: string | undefined;
  private readonly known: string[];

  constructor({ name, secret, given }: TokenSource) {
    this.stageName = name;
    this.secret = secret;
    this.server = given.server;
    this.known = [...given.users, ...(given.server === undefined ? [] : [given.server])];
  }

  /**
   * A token for a connection of this user, with claims that replace the usual ones.
   *
   * @throws NotShown without the secret of the stage.
   */
  async ofUser(
    user: string,
    different: Partial<OwnToken> & { readonly secret?: string } = {},
  ): Promise<string> {
    const { secret = this.secret, ...claims } = different;
    if (secret === undefined) throw new NotShown('a token of its own is needed, so the secret of the stage');
    const issuedAt = Math.floor(Date.now() / 1000) - ISSUED_BEFORE_SECONDS;
    const expiresAt = issuedAt + LIFETIME_SECONDS;
    const token = await signOwnToken(secret, {
      user,
      audience: this.stageName,
      issuedAt,
      expiresAt,
      ...claims,
    });
    this.known.push(token);
    return token;
  }

  /**
   * For the HTTP API: everything is allowed.
   *
   * @throws NotShown if there is neither such a token nor the secret.
   */
  async ofServer(name: string): Promise<string> {
    if (this.server !== undefined) return this.server;
    if (this.secret === undefined) throw new NotShown('a token for servers is needed: FANFARE_SERVER_TOKEN');
    return this.ofUser(name, { audience: serverAudience(this.stageName) });
  }

  /** The signatures of all tokens so far; each is a part of one token only. */
  signatures(): readonly string[] {
    return this.known.flatMap((token) => token.split('.').slice(2));
  }

  /** The text without the tokens of this run. */
  redact(text: string): string {
    const parts = [...(this.secret === undefined ? [] : [this.secret]), ...this.known, ...this.signatures()];
    return parts.reduce((safe, part) => safe.replaceAll(part, '(a token)'), text);
  }
}
