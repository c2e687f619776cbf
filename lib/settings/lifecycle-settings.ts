/** Which lifecycle events a stage sends. */

import type { LifecycleGroup } from '../../lambdas/realtime/lifecycle/lifecycle.ts';

/**
 * The events that go to the account's default bus of EventBridge (`docs/events.md`). EventBridge takes $1 for a million events,
 * also if no rule wants them. A stage has only the functions for the events that are on.
 */
export interface LifecycleEvents {
  /** `connection opened`, `connection closed`. */
  readonly connections: boolean;
  /** `channel occupied`, `channel vacated`; they also make `GET /channels` know channels without a message. */
  readonly channels: boolean;
  /** `member joined`, `member left`, of namespaces with presence. */
  readonly members: boolean;
  /**
   * `message published`, of channels with history. More people can read the default bus and its archives than the table of
   * messages. So events contain the text of messages only if the settings say so.
   */
  readonly messages: 'none' | 'without data' | 'with data';
}

/**
 * A connection of a user causes four events, which cost a tenth of its two hours (PX-1). There are many messages, and few rules
 * for them.
 */
export const ALL_BUT_MESSAGES: LifecycleEvents = {
  connections: true,
  channels: true,
  members: true,
  messages: 'none',
};

/** Whether the events of a group are on. */
export function tells(
  { lifecycleEvents }: { readonly lifecycleEvents: LifecycleEvents },
  group: LifecycleGroup,
): boolean {
  return group === 'messages' ? lifecycleEvents.messages !== 'none' : lifecycleEvents[group];
}
