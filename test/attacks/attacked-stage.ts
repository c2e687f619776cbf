/** A local stage as an attacker meets it: its doors, good tokens to begin with, and the secret to forge others. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import type { Grants } from '../../lambdas/identity/grants.ts';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { FallbackStage } from '../e2e/fallback/fallback-stage.ts';
import { Conversation } from '../e2e/security/conversation.ts';
import { knock } from '../e2e/security/knock.ts';
import { Client } from '../local/client.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';

export class AttackedStage {
  readonly fallback: FallbackStage;
  readonly mint: Mint;
  /** The secret with which the stage signs its own tokens. */
  readonly secret: string;
  private readonly open: Conversation[] = [];

  private constructor(fallback: FallbackStage, mint: Mint, secret: string) {
    this.fallback = fallback;
    this.mint = mint;
    this.secret = secret;
  }

  static async start(): Promise<AttackedStage> {
    const { runtime, mint, secret } = await sharedRuntime();
    return new AttackedStage(new FallbackStage(runtime), mint, secret);
  }

  get runtime(): Runtime {
    return this.fallback.runtime;
  }

  async close(): Promise<void> {
    await this.leave();
    this.fallback.destroy();
  }

  /** Ends the connections that attacks have opened. */
  async leave(): Promise<void> {
    await Promise.all(this.open.splice(0).map(({ client }) => client.close()));
  }

  /** The status of a handshake with these subprotocols and headers; 101 where the connection was let in. */
  async handshake(
    protocols: readonly string[],
    headers: Record<string, string> = {},
    query = '',
  ): Promise<number> {
    const entry = await knock(`${this.runtime.urls.websocket}${query}`, protocols, headers);
    if (typeof entry === 'number') return entry;
    await entry.close();
    return 101;
  }

  /** The status of a handshake that shows this token. */
  enter(token: string): Promise<number> {
    return this.handshake([SUBPROTOCOL, token]);
  }

  /** A connection of the user, or of an anonymous client. */
  async converse(user?: string, channels?: Grants, more?: Parameters<Mint>[2]): Promise<Conversation> {
    const token = user === undefined ? undefined : await this.mint(user, channels, more);
    const conversation = await Conversation.open(this.runtime.urls.websocket, token);
    this.open.push(conversation);
    return conversation;
  }

  /** The answer that a signed-in connection gets to exactly this frame. */
  async askRaw(frame: string): Promise<unknown> {
    const client = await Client.open(this.runtime.urls.websocket, [SUBPROTOCOL, await this.mint('ann')]);
    const answer = await client.ask(frame);
    await client.close();
    return answer;
  }

  /** The code of the error that the command is refused with, or the event of its reply. */
  async outcome(conversation: Conversation, command: object): Promise<string> {
    const reply = await conversation.ask(command);
    return reply.event === 'error' ? String(reply.code) : reply.event;
  }

  serverToken(channels?: Grants, more?: Parameters<Mint>[2]): Promise<string> {
    return this.mint('billing', channels, { audience: serverAudience('local'), ...more });
  }

  /** A request to the HTTP API. */
  async api(
    method: string,
    path: string,
    { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ) {
    const response = await fetch(`${this.runtime.urls.http}${path}`, {
      method,
      headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
}

/** An attempt to get more than the token gives, and the check that it fails. */
type Attack = (stage: AttackedStage) => Promise<void>;

/** The key is a sentence that says what does not work. */
export type Attacks = Readonly<Record<string, Attack>>;
