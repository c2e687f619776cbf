/** All of `fanfare/config` but `table`, which is another one in a function than at synthesis. */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AccessPolicy } from '../realtime/access/namespaces.ts';
import type { NamespaceLogic } from './handlers.ts';

export type { Grants } from '../identity/grants.ts';
export type {
  AccessRule,
  DeclaredConfig,
  FanfareConfig,
  NamespacePolicy,
  StageInfo,
} from '../realtime/access/namespaces.ts';
// biome-ignore lint/performance/noBarrelFile: This is a part of a public door.
export { defineConfig } from '../realtime/access/namespaces.ts';
export type { HandlerContext } from './context.ts';
export type {
  Claims,
  ConnectContext,
  ConnectingUser,
  IncomingMessage,
  SubscribeContext,
} from './handlers.ts';
export type { Announce, Announcement, ItemChange } from './item-change.ts';
export type {
  ActionAccess,
  ActionOptions,
  CallContext,
  HistoryRequest,
  OwnAction,
  StageChannels,
} from './own-action.ts';
export { action } from './own-action.ts';
export type { OwnTable, PutOptions, TableOptions } from './own-table.ts';
export { type Refusal, type RefusalCode, refuse } from './refusal.ts';

type Typed<Schema extends StandardSchemaV1> = AccessPolicy &
  NamespaceLogic<Schema, StandardSchemaV1.InferOutput<Schema>>;

/**
 * A namespace whose `onPublish` gets the type that its `schema` returns. The compiler cannot infer that inside of a larger object,
 * so a namespace with a schema is wrapped in this call. At run time it changes nothing.
 *
 * @example
 * chat: namespace({ ...rules, schema: v.object({ text: v.string() }), onPublish: ({ data }) => check(data.text) })
 */
export function namespace<Schema extends StandardSchemaV1>(policy: Typed<Schema>): Typed<Schema> {
  return policy;
}
