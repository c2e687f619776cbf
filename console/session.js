/** One connection of the page to a server, with its channels. It reports to the page what to show. */

import { connect, membersOf, presenceHandlers } from './client.js';

/**
 * @typedef {object} View The reports of a session.
 * @property {(state: 'connecting' | 'connected' | 'disconnected', text: string) => void} state
 * @property {(channels: readonly string[]) => void} channels Those that the server confirmed.
 * @property {(channel: string, message: import('./client.js').Message, isReplayed: boolean) => void} message
 * @property {() => void} interrupted The connection was lost.
 * @property {(channel: string, count: number) => void} resumed The number of messages that were replayed; no message is missing.
 * @property {(channel: string, gap: import('./client.js').Gap) => void} lost These messages are not kept any more.
 * @property {(channel: string) => void} members The members of the channel may have changed.
 * @property {(error: Error) => void} failure
 */

/** The close code of a connection that broke without a close frame. It means nothing to users. */
const ABNORMAL_CLOSURE = '1006';

export class Session {
  /** @type {'connecting' | 'connected' | 'disconnected'} */
  state = 'connecting';
  /** The settings of its connection. */
  token;
  #connection;
  #view;
  /** @type {Map<string, import('./client.js').Subscription>} */
  #subscriptions = new Map();
  /** @type {Set<string>} */
  #confirmed = new Set();
  /** How many messages were replayed so far, for each channel that is catching up. @type {Map<string, number>} */
  #replayed = new Map();
  #wasConnected = false;

  /**
   * @param {string} url
   * @param {string} token Empty to stay anonymous.
   * @param {import('./network.js').Network} network
   * @param {View} view
   */
  constructor(url, token, network, view) {
    this.token = token;
    this.#view = view;
    this.#connection = connect(url, { webSocket: network.webSocket, ...(token && { token }) });
    this.#connection.on('state', (state) => this.#changed(state));
    this.#connection.on('reconnecting', ({ delayMs, reason }) => {
      const because = reason === ABNORMAL_CLOSURE ? '' : ` (${reason})`;
      view.state('connecting', `Reconnecting in ${(delayMs / 1000).toFixed(1)} s${because}`);
    });
    this.#connection.on('error', (error) => view.failure(error));
    view.state('connecting', 'Connecting');
  }

  /** The channels that the server confirmed. */
  get channels() {
    return [...this.#confirmed];
  }

  /** @param {string} channel */
  isFollowing(channel) {
    return this.#subscriptions.has(channel);
  }

  /**
   * The number of the last message that the channel had when it was subscribed, or that was delivered since.
   *
   * @param {string} channel
   */
  position(channel) {
    return this.#subscriptions.get(channel)?.position;
  }

  /**
   * @param {string} channel
   * @returns Whether the server confirmed it.
   */
  async subscribe(channel) {
    if (this.#subscriptions.has(channel)) return this.#confirmed.has(channel);
    const handler = (/** @type {import('./client.js').Message} */ message) =>
      this.#received(channel, message);
    const subscription = this.#connection.channel(channel).subscribe(handler, {
      onRecovered: () => this.#recovered(channel),
      onLost: (gap) => this.#lost(channel, gap),
      ...presenceHandlers({
        onJoined: () => this.#view.members(channel),
        onLeft: () => this.#view.members(channel),
      }),
      onEnd: () => this.#ended(channel),
    });
    this.#subscriptions.set(channel, subscription);
    // The event `error` has the reason of the refusal.
    const isConfirmed = await subscription.ready.then(
      () => true,
      () => false,
    );
    if (!isConfirmed) return false;
    this.#confirmed.add(channel);
    this.#showChannels();
    this.#view.members(channel);
    return true;
  }

  /** @param {string} channel */
  unsubscribe(channel) {
    this.#subscriptions.get(channel)?.unsubscribe();
  }

  /**
   * @param {string} channel
   * @param {unknown} data
   * @returns The number of the message, where the channel has them.
   */
  async publish(channel, data) {
    // After the subscription, so that the page gets the message. A channel may refuse the one and allow the other.
    await this.#subscriptions.get(channel)?.ready.catch(() => {});
    return (await this.#connection.channel(channel).publish(data)).seq;
  }

  ping() {
    return this.#connection.ping();
  }

  /** @param {string} channel */
  members(channel) {
    return membersOf(this.#connection.channel(channel));
  }

  close() {
    this.#connection.close();
  }

  /** @param {import('./client.js').ConnectionState} state */
  #changed(state) {
    this.state = state === 'closed' ? 'disconnected' : state;
    if (state === 'connected') {
      this.#wasConnected = true;
      this.#view.state('connected', 'Connected');
      for (const channel of this.#confirmed) this.#view.members(channel);
    }
    if (state === 'connecting' && this.#wasConnected) {
      this.#view.interrupted();
      for (const channel of this.#confirmed) this.#replayed.set(channel, 0);
    }
    if (state === 'closed') this.#view.state('disconnected', 'Disconnected');
  }

  /**
   * @param {string} channel
   * @param {import('./client.js').Message} message
   */
  #received(channel, message) {
    const count = message.seq === undefined ? undefined : this.#replayed.get(channel);
    if (count !== undefined) this.#replayed.set(channel, count + 1);
    this.#view.message(channel, message, count !== undefined);
  }

  /** @param {string} channel */
  #recovered(channel) {
    const count = this.#replayed.get(channel) ?? 0;
    this.#replayed.delete(channel);
    this.#view.resumed(channel, count);
  }

  /**
   * Messages behind the gap count as live, because the client reports no recovery after a gap.
   *
   * @param {string} channel
   * @param {import('./client.js').Gap} gap
   */
  #lost(channel, gap) {
    this.#replayed.delete(channel);
    this.#view.lost(channel, gap);
  }

  /** @param {string} channel */
  #ended(channel) {
    this.#subscriptions.delete(channel);
    this.#confirmed.delete(channel);
    this.#replayed.delete(channel);
    this.#showChannels();
  }

  #showChannels() {
    this.#view.channels(this.channels);
  }
}
