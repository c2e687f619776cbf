/** The events by which the rest of AWS learns of connections, channels, members and messages. Each is sent at least once. */

/** Every kind of event by its `detail-type`, with its fields beside `id` and `time`. */
export interface LifecycleDetails {
  readonly 'connection opened': { readonly connectionId: string; readonly user?: string };
  readonly 'connection closed': {
    readonly connectionId: string;
    readonly user?: string;
    /** `expired`: the platform did not report the end, and the row's time was over. */
    readonly reason: 'closed' | 'expired';
  };
  /** `version` rises with every event of a channel. */
  readonly 'channel occupied': { readonly channel: string; readonly version: number };
  readonly 'channel vacated': { readonly channel: string; readonly version: number };
  /** `at` rises with every event of a user in a channel. */
  readonly 'member joined': Member;
  readonly 'member left': Member;
  readonly 'message published': {
    readonly channel: string;
    readonly seq: number;
    readonly from?: string;
    /** Only if the stage reports the data of messages. */
    readonly data?: unknown;
    /** Of a message that is a value: its name. Only with the data. */
    readonly name?: string;
    /** The message removes the value of its name, which is told only with the data, or the message that it replaces. */
    readonly removed?: true;
    /** The number of the message that this one replaces. Its data is never told. */
    readonly replaces?: number;
  };
}

interface Member {
  readonly channel: string;
  readonly user: string;
  readonly info?: unknown;
  readonly at: number;
}

export type LifecycleType = keyof LifecycleDetails;

export type LifecycleEvent = { readonly [Type in LifecycleType]: EventOf<Type> }[LifecycleType];

interface EventOf<Type extends LifecycleType> {
  readonly type: Type;
  /** Unique to the event, and the same in every repetition. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly detail: LifecycleDetails[Type];
}

/** Where events go. */
export interface Lifecycle {
  /** @throws Error when some events did not arrive. It is not known which ones. */
  put(events: readonly LifecycleEvent[]): Promise<void>;
}

/** Events that a stage switches on and off, and pays for, together. */
export type LifecycleGroup = 'connections' | 'channels' | 'members' | 'messages';

export const lifecycleGroups: { readonly [Type in LifecycleType]: LifecycleGroup } = {
  'connection opened': 'connections',
  'connection closed': 'connections',
  'channel occupied': 'channels',
  'channel vacated': 'channels',
  'member joined': 'members',
  'member left': 'members',
  'message published': 'messages',
};

/**
 * The subject of an event. No channel name and no connection id contains a `#`, and a user comes last, so no two subjects have
 * the same id.
 */
const subjects: { readonly [Type in LifecycleType]: (detail: LifecycleDetails[Type]) => string } = {
  'connection opened': ({ connectionId }) => connectionId,
  'connection closed': ({ connectionId }) => connectionId,
  'channel occupied': ({ channel, version }) => `${channel}#${version}`,
  'channel vacated': ({ channel, version }) => `${channel}#${version}`,
  'member joined': ({ channel, at, user }) => `${channel}#${at}#${user}`,
  'member left': ({ channel, at, user }) => `${channel}#${at}#${user}`,
  'message published': ({ channel, seq }) => `${channel}#${seq}`,
};

/**
 * An event with its id.
 *
 * @param time when it happened; the same time at each repetition. Milliseconds since 1970.
 *
 * @example
 * lifecycleEvent('member joined', { channel: 'chat:room', user: 'ann', at }, at);
 * // id: 'member joined#chat:room#1795355541000#ann'
 */
export function lifecycleEvent<Type extends LifecycleType>(
  type: Type,
  detail: LifecycleDetails[Type],
  time: number,
): EventOf<Type> {
  return { type, id: `${type}#${subjects[type](detail)}`, time, detail };
}
