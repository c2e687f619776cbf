/** Calls of the application's own actions, which `actions` of its `fanfare.config.ts` declares: typed by that file. */

import { Client } from './lib/client.ts';
import type { Connection } from './lib/connection.ts';
import { type CallOwner, callAction, ownerOf } from './lib/own-action.ts';
import { newKey } from './lib/platform/random-key.ts';
import { type Options, settingsOf } from './lib/settings/settings.ts';

export interface RequestOptions {
  /** How long to wait for the result. Milliseconds. @default the connection's `requestTimeoutMs`; one minute with a key */
  readonly timeoutMs?: number;
  /** Gives up when it aborts, with `closed`. The action may have run. */
  readonly signal?: AbortSignal;
}

export interface KeyedRequestOptions extends RequestOptions {
  /**
   * For idempotent actions: within ten minutes, requests of this user with the same key run the action once. The client then repeats the
   * request when it is not known what became of it. 1 to 128 characters.
   */
  readonly key?: string;
}

/**
 * Calls an action by its name. Without a key, the request is sent once. If its reply is lost, it fails with `disconnected` or `timeout`,
 * and the action may have run.
 *
 * @param data Any JSON, at most 32 KB together with its frame; with fallbacks, 128 KB. The action's schema checks it.
 * @returns what the action has returned, or `null`.
 * @throws FanfareError the server's refusal, such as `rejected` with the sentence of the action, or `unknown-action`; at once `bad-request` for
 *   what is not JSON, and `too-large`; `timeout`, `disconnected` and `closed`.
 * @throws TypeError if the connection is a wrapper of the application, and not the one that `connect()` has returned.
 * @example
 * const { votes } = await request(connection, 'vote', { option: 'tea' });
 */
export async function request(
  connection: Connection,
  name: string,
  data?: unknown,
  { key, timeoutMs, signal }: KeyedRequestOptions = {},
): Promise<unknown> {
  return callAction(ownerOf(connection), { name, data, key, timeoutMs, signal });
}

/** The part of a `fanfare.config.ts` that has the types: the function that its `defineConfig` returns. */
export type ConfigWithActions = (stage: never) => { readonly actions?: Readonly<Record<string, unknown>> };

/** The actions of a configuration, by their names. */
export type ActionsOf<Config extends ConfigWithActions> = Config extends (stage: never) => {
  readonly actions?: infer Declared;
}
  ? NonNullable<Declared>
  : never;

interface Typed<Input, Result, Once> {
  readonly types?: { readonly input: Input; readonly result: Result; readonly idempotent: Once };
}

/** What an action takes. */
export type InputOf<Action> = Action extends Typed<infer Input, unknown, unknown> ? Input : never;

/** What an action returns, as JSON carries it. */
export type ResultOf<Action> = Action extends Typed<unknown, infer Result, unknown> ? Carried<Result> : never;

type IsIdempotent<Action> = Action extends Typed<unknown, unknown, true> ? true : false;

/** JSON carries a `Date` as its text, and an object with a `toJSON` as what that returns. */
type Carried<Value> = Value extends { toJSON(...args: never[]): infer Json }
  ? Json
  : Value extends object
    ? { [Member in keyof Value]: Carried<Value[Member]> }
    : Value;

/** The names of the idempotent actions. */
export type IdempotentIn<Actions> = {
  [Name in keyof Actions]: IsIdempotent<Actions[Name]> extends true ? Name : never;
}[keyof Actions];

/** What the client has to know of the actions when it runs, where it has no types: complete by compilation. */
export type ActionFacts<Actions> = [IdempotentIn<Actions>] extends [never]
  ? { readonly idempotent?: Record<never, never> }
  : { readonly idempotent: { readonly [Name in IdempotentIn<Actions>]: true } };

type OptionsFor<Action> = IsIdempotent<Action> extends true ? KeyedRequestOptions : RequestOptions;

/** An action that takes nothing needs no data. */
type ArgumentsFor<Action> =
  undefined extends InputOf<Action>
    ? [data?: InputOf<Action>, options?: OptionsFor<Action>]
    : [data: InputOf<Action>, options?: OptionsFor<Action>];

export interface Actions<Declared> {
  /**
   * Calls an action. An idempotent action is repeated under its key until its outcome is known, for a minute at most.
   *
   * @throws FanfareError as the function `request` does.
   */
  request<Name extends keyof Declared & string>(
    name: Name,
    ...args: ArgumentsFor<Declared[Name]>
  ): Promise<ResultOf<Declared[Name]>>;
}

/**
 * The actions of an application, with the names, inputs and results of its configuration.
 *
 * @param facts Names the idempotent actions, which the compiler knows and a page does not.
 * @throws TypeError if the connection is a wrapper of the application, and not the one that `connect()` has returned.
 * @example
 * // `config` is the default export of `fanfare.config.ts`, imported as a type.
 * const { request } = actionsOf<typeof config>(connection, { idempotent: { order: true } });
 * const { votes } = await request('vote', { option: 'tea' });
 */
export function actionsOf<Config extends ConfigWithActions>(
  connection: Connection,
  ...facts: [IdempotentIn<ActionsOf<Config>>] extends [never]
    ? [facts?: ActionFacts<ActionsOf<Config>>]
    : [facts: ActionFacts<ActionsOf<Config>>]
): Actions<ActionsOf<Config>>;
export function actionsOf(
  connection: Connection,
  { idempotent = {} }: { readonly idempotent?: Readonly<Record<string, true>> } = {},
): ReturnType<typeof callsOf> {
  return callsOf(ownerOf(connection), idempotent);
}

function callsOf(owner: CallOwner, idempotent: Readonly<Record<string, true>>) {
  return {
    async request(
      name: string,
      data?: unknown,
      { key, timeoutMs, signal }: KeyedRequestOptions = {},
    ): Promise<unknown> {
      const kept = key ?? (Object.hasOwn(idempotent, name) ? newKey() : undefined);
      return callAction(owner, { name, data, key: kept, timeoutMs, signal });
    },
  };
}

/** A connection that also calls the actions of the configuration. */
export type ActingConnection<Config extends ConfigWithActions> = Connection & Actions<ActionsOf<Config>>;

/**
 * Connects as `connect` of `fanfare-client` does. The connection has `request`, with the actions of the configuration.
 *
 * @param options Those of a connection. `idempotent` names the idempotent actions, which the compiler knows and a page does not.
 * @throws TypeError for a text that is not a URL, or if the platform has no WebSocket and the options name none.
 * @example
 * // `config` is the default export of `fanfare.config.ts`, imported as a type.
 * const connection = connect<typeof config>('wss://example.com/live', { token, idempotent: { order: true } });
 * const { votes } = await connection.request('vote', { option: 'tea' });
 */
export function connect<Config extends ConfigWithActions>(
  url: string,
  ...options: [IdempotentIn<ActionsOf<Config>>] extends [never]
    ? [options?: Options & ActionFacts<ActionsOf<Config>>]
    : [options: Options & ActionFacts<ActionsOf<Config>>]
): ActingConnection<Config>;
export function connect(
  url: string,
  { idempotent = {}, ...options }: Options & { readonly idempotent?: Readonly<Record<string, true>> } = {},
): Connection & ReturnType<typeof callsOf> {
  const client = new Client(settingsOf(url, options), options.signal);
  return Object.assign(client, callsOf(client, idempotent));
}
