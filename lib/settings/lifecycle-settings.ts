/** Which lifecycle events a stage tells. */

import type { LifecycleGroup } from '../../lambdas/realtime/lifecycle/lifecycle.ts';

/**
 * What is told to EventBridge on the account's default bus (`docs/events.md`). EventBridge takes $1 for a million events,
 * whether a rule wants them or not; a stage has only the functions for the events that it tells.
 */
export interface LifecycleEvents {
  /** `connection opened`, `connection closed`. */
  readonly connections: boolean;
  /** `channel occupied`, `channel vacated`; they also make `GET /channels` know channels without a message. */
  readonly channels: boolean;
  /** `member joined`, `member left`, of namespaces with presence. */
  readonly members: boolean;
  /**
   * `message published`, of channels with history. More people can read the default bus and its archives than the table of messages. So a stage tells the text
   * of messages only if its settings say so.
   */
  readonly messages: 'none' | 'without data' | 'with data';
}

/** Four events for the connection of a user, a tenth of what it costs for two hours (PX-1). Messages are many, and rules for them few. */
export const ALL_BUT_MESSAGES: LifecycleEvents = {
  connections: true,
  channels: true,
  members: true,
  messages: 'none',
};

/** Whether the events of a group are told. */
export function tells(
  { lifecycleEvents }: { readonly lifecycleEvents: LifecycleEvents },
  group: LifecycleGroup,
): boolean {
  return group === 'messages' ? lifecycleEvents.messages !== 'none' : lifecycleEvents[group];
}
