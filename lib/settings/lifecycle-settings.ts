/** Which lifecycle events a stage sends. */

import type { LifecycleGroup } from '../../lambdas/realtime/lifecycle/lifecycle.ts';

/**
 * The events that go to the account's default bus of EventBridge (`docs/events.md`). EventBridge takes $1 for a million events,
 * also if no rule wants them. A stage has only the functions for the events that are on. A group that says `if heard` is off until
 * `onLifecycle` of the construct is called for one of its events. With `false`, that call fails.
 */
export interface LifecycleEvents {
  /** `connection opened`, `connection closed`. */
  readonly connections: boolean | 'if heard';
  /** `channel occupied`, `channel vacated`; they also make `GET /channels` know channels without a message. */
  readonly channels: boolean | 'if heard';
  /** `member joined`, `member left`, of namespaces with presence. */
  readonly members: boolean | 'if heard';
  /**
   * `message published`, of channels with history. More people can read the default bus and its archives than the table of
   * messages. So events contain the text of messages only if the settings say so.
   */
  readonly messages: 'none' | 'without data' | 'with data';
}

/**
 * A client that stays for a month renews its connection 413 times, and each renewal causes two events and four runs that find
 * nothing. So an app that listens to no event pays for none.
 */
export const IF_HEARD: LifecycleEvents = {
  connections: 'if heard',
  channels: 'if heard',
  members: 'if heard',
  messages: 'none',
};

/** For a laptop, where events cost nothing and people look at them. There are many messages, and few rules for them. */
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
  return group === 'messages' ? lifecycleEvents.messages !== 'none' : lifecycleEvents[group] === true;
}

/**
 * The same stage with the events of a group on.
 *
 * @returns `undefined` if the settings say that they are off. Whether events have the data of messages is for the settings to say.
 */
export function heard<Settings extends { readonly lifecycleEvents: LifecycleEvents }>(
  settings: Settings,
  group: LifecycleGroup,
): Settings | undefined {
  const { lifecycleEvents } = settings;
  if (group === 'messages' || lifecycleEvents[group] !== 'if heard') return undefined;
  return { ...settings, lifecycleEvents: { ...lifecycleEvents, [group]: true } };
}
