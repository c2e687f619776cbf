/** Hooks for React: the connection, channels with their messages, members, values and history. */

import type { Message } from 'fanfare-protocol/message';
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type { PublishOptions } from './lib/channel/channel.ts';
import type { Published } from './lib/channel/outbox.ts';
import type { Connection } from './lib/connection.ts';
import { ChannelStore, type ChannelView } from './lib/stores/channel-store.ts';
import { ConnectionStore, type ConnectionView } from './lib/stores/connection-store.ts';
import { HistoryStore, type HistoryView } from './lib/stores/history-store.ts';
import { MemberStore, type MembersView } from './lib/stores/member-store.ts';
import type { Store } from './lib/stores/store.ts';
import { ValueStore, type ValuesView } from './lib/stores/value-store.ts';
import type { Values } from './lib/values/channel-values.ts';
import { watchMembers } from './presence.ts';

export type { ChannelStatus, ChannelView } from './lib/stores/channel-store.ts';
export type { ConnectionView } from './lib/stores/connection-store.ts';
export type { HistoryView } from './lib/stores/history-store.ts';
export type { MembersView } from './lib/stores/member-store.ts';
export type { MessageRow } from './lib/stores/message-list.ts';
export type { OlderView } from './lib/stores/older-pages.ts';
export type { ValuesView } from './lib/stores/value-store.ts';
export type { SetOptions, WriteOptions } from './lib/values/channel-values.ts';
export type { Updated } from './lib/values/update.ts';
export type { Value } from './lib/values/value.ts';

const ConnectionContext = createContext<ConnectionStore | undefined>(undefined);

export interface FanfareProviderProps {
  /**
   * Makes the connection, by `connect` of `fanfare-client` or of `fanfare-client/fallback`. Only the function of the first render
   * is called, so it may be written in place. Give the provider another `key` to connect as another user.
   */
  readonly connect: () => Connection;
  /** Gets failures that no promise reports. Without it, errors that the application throws become unhandled rejections. */
  readonly onError?: (error: Error) => unknown;
  readonly children?: ReactNode;
}

/**
 * Connects when it is mounted, and closes the connection when it is unmounted. On a server it connects to nothing: the hooks
 * return what they return before the connection is there.
 *
 * @example
 * <FanfareProvider connect={() => connect('wss://example.com/live', { token: () => fetchToken() })}>
 *   <Room name="chat:lobby" />
 * </FanfareProvider>
 */
export function FanfareProvider({ connect, onError, children }: FanfareProviderProps): ReactElement {
  const [store] = useState(() => new ConnectionStore(connect));
  useEffect(() => {
    store.onError = onError;
  });
  useEffect(() => store.listen(() => {}), [store]);
  return createElement(ConnectionContext.Provider, { value: store }, children);
}

/**
 * The connection of the provider, and how it is.
 *
 * @example
 * const { state, error } = useConnection();
 * return <p role="status">{error?.message ?? state}</p>;
 */
export function useConnection(): ConnectionView {
  return useView(useProvided('useConnection'));
}

export interface UseChannelOptions<Data = unknown> {
  /** How many messages of the history the list begins with, 0 to 1000. @default 0 */
  readonly last?: number;
  /**
   * The most messages in the list; the oldest ones go first. With 0 there is no list, and a message causes no render: for
   * messages that only `onMessage` takes, such as the positions of a game. @default 1000
   */
  readonly keep?: number;
  /** Gets each new message once and in order, but not those of the history. It may be written in place. */
  readonly onMessage?: (message: Message<Data>) => unknown;
}

export interface UsedChannel<Data = unknown> extends ChannelView<Data> {
  /**
   * Publishes, and shows the message at once as a row that is `sending`. The row becomes the message when it arrives, under the
   * same `key`. To try a failed row again, publish its data with its key: it lands once.
   *
   * @throws FanfareError as `publish` of a channel. The row shows the failure as well, so the promise may be ignored.
   */
  readonly publish: (data: Data, options?: PublishOptions) => Promise<Published>;
  /** Removes an own row, such as one that has failed, by its key. */
  readonly discard: (key: string) => void;
  /** Reads the page of history before the oldest row. @param limit 1 to 1000, 50 without it */
  readonly loadOlder: (limit?: number) => Promise<void>;
}

/**
 * Subscribes to a channel while the component is mounted. The functions that it returns stay the same until the name, `last` or
 * `keep` changes; the object and its `messages` stay the same until something in them changes.
 *
 * `Data` is what the messages carry. Nothing checks it: a publisher may send something else.
 *
 * @param name `namespace:name`, such as `chat:lobby`.
 * @example
 * const { messages, publish } = useChannel<string>('chat:lobby', { last: 50 });
 * return messages.map(({ key, from, data, status }) => <Row key={key} from={from} data={data} isSent={status === 'sent'} />);
 */
export function useChannel<Data = unknown>(
  name: string,
  options?: UseChannelOptions<Data>,
): UsedChannel<Data>;
export function useChannel(
  name: string,
  { last = 0, keep = 1_000, onMessage }: UseChannelOptions = {},
): UsedChannel {
  const connection = useProvided('useChannel');
  const store = useMemo(
    () => new ChannelStore(connection, name, { last, keep }),
    [connection, name, last, keep],
  );
  // Before the subscription, which is the effect of `useView`: the first message finds its listener.
  useEffect(() => {
    store.onMessage = onMessage;
  });
  const view = useView(store);
  return useMemo(() => {
    const { publish, discard, loadOlder } = store;
    return { ...view, publish, discard, loadOlder };
  }, [view, store]);
}

/**
 * The members of a channel, in namespaces with presence.
 *
 * @example
 * const { members } = useMembers('chat:lobby');
 * return <p>{members.map(({ user }) => user).join(', ')}</p>;
 */
export function useMembers(name: string): MembersView {
  const connection = useProvided('useMembers');
  const store = useMemo(
    () =>
      new MemberStore(connection, (open, { onChange, onEnd }) => {
        const watch = watchMembers(open, name, onChange, { onEnd });
        return () => watch.stop();
      }),
    [connection, name],
  );
  return useView(store);
}

export type UsedValues<Data = unknown> = ValuesView<Data> & Pick<Values<Data>, 'set' | 'remove' | 'update'>;

/**
 * The values of a channel, in namespaces with `values`, and functions to write them, which stay the same until the name changes.
 *
 * `Data` is what the values carry. Nothing checks it: a publisher may send something else.
 *
 * @example
 * const { values, update } = useValues<number>('open:votes');
 * return <button onClick={() => update('tea', (count = 0) => count + 1)}>{values.get('tea')?.data ?? 0}</button>;
 */
export function useValues<Data = unknown>(name: string): UsedValues<Data>;
export function useValues(name: string): UsedValues {
  const connection = useProvided('useValues');
  const store = useMemo(() => new ValueStore(connection, name), [connection, name]);
  const view = useView(store);
  return useMemo(
    () => ({ ...view, set: store.write, remove: store.remove, update: store.update }),
    [view, store],
  );
}

export interface UseHistoryOptions {
  /** The messages of one page, 1 to 1000. @default 50 */
  readonly limit?: number;
}

export interface UsedHistory<Data = unknown> extends HistoryView<Data> {
  /** Reads the page before the oldest message. */
  readonly loadOlder: () => Promise<void>;
}

/**
 * The newest messages of a channel as they are now, and older ones page by page, without a subscription. `useChannel` with `last`
 * also gets what comes.
 *
 * @example
 * const { messages, hasOlder, loadOlder } = useHistory('chat:lobby', { limit: 100 });
 */
export function useHistory<Data = unknown>(name: string, options?: UseHistoryOptions): UsedHistory<Data>;
export function useHistory(name: string, { limit = 50 }: UseHistoryOptions = {}): UsedHistory {
  const connection = useProvided('useHistory');
  const store = useMemo(() => new HistoryStore(connection, name, limit), [connection, name, limit]);
  const view = useView(store);
  return useMemo(() => ({ ...view, loadOlder: store.loadOlder }), [view, store]);
}

function useProvided(hook: string): ConnectionStore {
  const store = useContext(ConnectionContext);
  if (store) return store;
  throw new Error(`${hook} needs a <FanfareProvider> above its component.`);
}

/** The server's rendering and the first one in the browser are the same, because both have the value before the store runs. */
function useView<View>(store: Store<View>): View {
  return useSyncExternalStore(store.listen, store.read, store.readOnServer);
}
