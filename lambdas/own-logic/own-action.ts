/** `action(schema, handler)`: an action of the application's own, as `fanfare.config.ts` declares it. */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Member, Message, VoidRecord } from 'fanfare-protocol/message';
import type { Origin } from './context.ts';
import type { Refusal } from './refusal.ts';

/**
 * Who may call an action. Servers may call every action by the HTTP API, with a token for the whole stage.
 * - `signed-in`: connections whose token was verified and names no channels
 * - `any-token`: also connections whose token names channels, and so was meant for these only
 * - `anyone`: every connection, signed in or not
 * - `servers`: no connection
 */
export type ActionAccess = 'signed-in' | 'any-token' | 'anyone' | 'servers';

export interface ActionOptions {
  /** @default `signed-in` */
  readonly access?: ActionAccess;
  /**
   * A caller sends a key of its own with each call. Calls with the same key run the handler once within ten minutes, and all of them
   * get the result of that run. A run that threw, or whose function died, is not a run: a later call with its key begins again.
   *
   * @default false
   */
  readonly idempotent?: boolean;
  /** How long the schema and the handler may take together. Milliseconds: from 1 to 10,000. @default 3,000 */
  readonly budgetMs?: number;
}

export interface HistoryRequest {
  /** Messages with a greater `seq`. Either this or `before`; with neither, the newest messages. */
  readonly after?: number;
  readonly before?: number;
  /** From 1 to 1,000. @default 50 */
  readonly limit?: number;
}

/**
 * The channels of the stage, with the rights of a server. Each method throws when the time budget of the handler is used up, so
 * a handler that failed publishes nothing later.
 */
export interface StageChannels {
  /**
   * Publishes a message without `from`, by the rules of the namespace. The caller is charged for it as for a publish of its own.
   *
   * @param key Calls of this action with the same key on the same channel within ten minutes publish once, also if their callers are different.
   * @returns the number of the message; no `seq` if the channel keeps no history.
   */
  publish(channel: string, data: unknown, key?: string): Promise<{ readonly seq?: number }>;
  /** A page of the messages that a channel keeps, oldest first. */
  history(
    channel: string,
    page?: HistoryRequest,
  ): Promise<{ readonly messages: readonly (Message | VoidRecord)[]; readonly more: boolean }>;
  /**
   * The signed-in users who are in a channel, each once, at most 1,000 in a page.
   *
   * @param cursor `next` of the page before.
   */
  members(
    channel: string,
    cursor?: string,
  ): Promise<{ readonly members: readonly Member[]; readonly next?: string }>;
}

export interface CallContext extends Origin, StageChannels {
  /** The name of the action. */
  readonly action: string;
  /**
   * The key of the call, if the action is idempotent. A condition with it on a table of your own keeps a write from happening twice even
   * if the function dies in the middle.
   */
  readonly key: string | undefined;
  /** Aborts when the time budget is used up. */
  readonly signal: AbortSignal;
}

/** The input, checked by the schema, and the run of the handler with it; or the first thing that is wrong with the input. */
export type Prepared =
  | { readonly run: (context: CallContext) => unknown }
  | { readonly issue: StandardSchemaV1.Issue | undefined };

/** The types are for the compiler only. `Input` is what callers send, and `Result` what they get. */
export interface OwnAction<Input = unknown, Result = unknown, Once extends boolean = boolean> {
  readonly access: ActionAccess;
  readonly idempotent: Once;
  readonly budgetMs: number | undefined;
  /** Checks the input, before anything else is done for the call. */
  prepare(data: unknown): Prepared | Promise<Prepared>;
  readonly types?: { readonly input: Input; readonly result: Result; readonly idempotent: Once };
}

export type OwnActions = Readonly<Record<string, OwnAction>>;

/** What callers get: a refusal is an error for them, and no result is `null`. */
type ResultOf<Returned> = NullForNothing<Exclude<Awaited<Returned>, Refusal>>;

// biome-ignore lint/suspicious/noConfusingVoidType: A function without a return statement is `void`.
type NullForNothing<Result> = Result extends undefined | void ? null : Result;

/** A type that is inferred would accept a misspelt option. */
type NothingElse<Options> = { readonly [Name in Exclude<keyof Options, keyof ActionOptions>]: never };

/**
 * Declares an action. Clients call it by its name in `actions`, and servers with `POST /actions/{name}`.
 *
 * @param schema Checks the input: any Standard Schema, such as those of valibot, zod and arktype. The handler gets its output.
 * @param handler Returns JSON of at most 30 KB, nothing, or `refuse(sentence)`. It runs with the rights of the function, so it has to
 *   check what the caller may do.
 * @example
 * actions: { vote: action(v.object({ option: v.string() }), ({ option }, { user }) => count(option, user)) }
 */
export function action<
  Schema extends StandardSchemaV1,
  Returned,
  const Options extends ActionOptions = Record<never, never>,
>(
  schema: Schema,
  handler: (input: StandardSchemaV1.InferOutput<Schema>, context: CallContext) => Returned,
  options?: Options & NothingElse<Options>,
): OwnAction<
  StandardSchemaV1.InferInput<Schema>,
  ResultOf<Returned>,
  Options extends { readonly idempotent: true } ? true : false
>;
export function action(
  schema: StandardSchemaV1,
  handler: (input: unknown, context: CallContext) => unknown,
  { access = 'signed-in', idempotent = false, budgetMs }: ActionOptions = {},
): OwnAction {
  return {
    access,
    idempotent,
    budgetMs,
    async prepare(data) {
      const output = await schema['~standard'].validate(data);
      if (output.issues) return { issue: output.issues[0] };
      return { run: (context) => handler(output.value, context) };
    },
  };
}
