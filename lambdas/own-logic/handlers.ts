/** The handlers that a namespace and the configuration may have: what each gets, and what each may return. */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Grants } from '../identity/grants.ts';
import type { HandlerContext } from './context.ts';
import type { Refusal } from './refusal.ts';

/** A value, or a promise of it. A handler that returns nothing lets pass. */
// biome-ignore lint/suspicious/noConfusingVoidType: A function without a return statement is `void`, and `undefined` would refuse it.
type Answer<Value> = Value | undefined | void | PromiseLike<Value | undefined | void>;

/** The commands that read a channel. `onSubscribe` runs before each of them. */
export type ReadAction = 'subscribe' | 'history' | 'values' | 'mark' | 'members';

export interface SubscribeContext extends HandlerContext {
  readonly action: ReadAction;
}

/** A message before it is published. `Data` is what the namespace's `schema` returns; without a schema it is any JSON. */
export interface IncomingMessage<Data> {
  /** A copy of its own: a handler may change it in place. */
  readonly data: Data;
  /** In namespaces with `values`: the name whose value the message becomes. */
  readonly name?: string;
  /** The message removes the value of its name, or the message that it replaces. Its `data` is `null`, which no `schema` sees. */
  readonly removed?: true;
  /** In namespaces with `edit`: the `seq` of the message that this one replaces. */
  readonly replaces?: number;
}

/** The longest time that each handler may take. Milliseconds: from 1 to 10,000. */
export interface Budgets {
  /** @default 3,000 */
  readonly onSubscribe?: number;
  /** For one message, its schema included. @default 3,000 */
  readonly onPublish?: number;
}

/**
 * Handlers run in the function that answers the command, after the access rules and the rate limit, and before anything is
 * written. A handler that throws, takes too long, or returns anything else fails the command with `internal`, and nothing is
 * written.
 */
export interface NamespaceHandlers<Data> {
  /**
   * Decides whether a connection may read a channel, for example by a table of your own. It runs before `subscribe`, `history`, `values`,
   * `mark` and `members`. It does not run for servers, which have no user.
   *
   * @returns nothing to let the connection in, or `refuse(sentence)`
   */
  onSubscribe?(context: SubscribeContext): Answer<Refusal>;
  /**
   * Lets a message pass, changes it, or refuses it. It runs for every publisher: clients, servers and events. Messages of one
   * publish are judged at the same time. If one of them is refused, none is published.
   *
   * A repetition of a publish runs the handler again, so it should have no effects of its own.
   *
   * @returns nothing to let the message pass as it is now, `{ data }` to replace its data, or `refuse(sentence)`
   */
  onPublish?(
    message: IncomingMessage<Data>,
    context: HandlerContext,
  ): Answer<IncomingMessage<unknown> | Refusal>;
}

/** What a namespace may have beside its access rules. */
export interface NamespaceLogic<Schema extends StandardSchemaV1, Data> extends NamespaceHandlers<Data> {
  /** Checks the data of every message: any Standard Schema, such as those of valibot, zod and arktype. Its output is published. */
  readonly schema?: Schema;
  readonly budgetMs?: Budgets;
}

/** The claims of a token whose signature, issuer, audience and times were verified. */
export type Claims = Readonly<Record<string, unknown>>;

export interface ConnectContext {
  /** The claim `iss`; `fanfare` for the stage's own tokens. */
  readonly issuer: string;
  /** Aborts when the time budget of the handler is used up. */
  readonly signal: AbortSignal;
}

/** Whom a token stands for. A field that is left out is as the token says it, so a forgotten one gives no further right. */
export interface ConnectingUser {
  /** Instead of the claim `sub`. The `userPrefix` of the issuer is put in front of it. */
  readonly user?: string;
  /** Instead of the claim `channels`. */
  readonly grants?: Grants;
  /** Instead of the claim `info`: any JSON of at most 1 KB. */
  readonly info?: unknown;
}

export interface ConnectHandlers {
  /**
   * Reads a user, grants and info from the claims of any issuer, or refuses the connection. It runs once for every handshake with a
   * token, and for every request of a client without WebSockets. It does not run for anonymous connections.
   *
   * @returns nothing to take the claims `sub`, `channels` and `info` as they are, the fields to replace, or `refuse(sentence)`
   */
  onConnect?(claims: Claims, context: ConnectContext): Answer<ConnectingUser | Refusal>;
  /** How long `onConnect` may take. Milliseconds: from 1 to 5,000. @default 3,000 */
  readonly connectBudgetMs?: number;
}
