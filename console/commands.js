/** What the forms of the console do. Each has an effect that one sees: it connects first if it must, and says what it lacks. */

import { FanfareError } from './client.js';
import { sentenceOf } from './failures.js';
import { explain } from './handshakes.js';
import { Session } from './session.js';
import { faultOf } from './web-socket-url.js';

/**
 * @typedef {object} Desk What the commands work with.
 * @property {() => { url: string, token: string }} target Where to connect, as the form says.
 * @property {import('./network.js').Network} network
 * @property {import('./session.js').View} view
 * @property {import('./notice.js').Notice} notice
 * @property {import('./latency.js').Latency} latency
 */

const NAME_A_CHANNEL = 'Name a channel first, such as open:lobby.';
const CUT = 'The network is cut. The message goes out when you mend it.';
const CONNECTING = 'Not connected yet. The page connects first, and the message goes out then.';

export class Commands {
  /** @type {Session | undefined} */
  session;
  #desk;
  /** Why the session was ended that the page had last. */
  #end = '';
  /** Why the last handshake failed, until one succeeds. */
  #failure = '';

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** @returns The session, a new one if the page has no session; nothing if the URL is of no use. */
  open() {
    if (this.session) return this.session;
    const { target, network, view, notice } = this.#desk;
    const { url, token } = target();
    notice.clear();
    const fault = faultOf(url);
    if (fault) {
      notice.warn(fault);
      return undefined;
    }
    this.#end = '';
    this.session = new Session(url, token, network, view);
    return this.session;
  }

  /** @param {string} [why] */
  close(why = '') {
    const { session } = this;
    this.#end = why;
    this.session = undefined;
    session?.close();
  }

  /** Connects, or disconnects; with another token in the form it connects anew, to the same channels. */
  toggle() {
    if (!this.session) return void this.open();
    const { token, channels } = this.session;
    const isSameToken = token === this.#desk.target().token;
    this.close();
    if (isSameToken) return;
    this.open();
    for (const channel of channels) void this.subscribe(channel);
  }

  connected() {
    this.#desk.notice.retract(this.#failure);
  }

  /** @param {import('./handshakes.js').Attempt} attempt */
  async handshakeFailed(attempt) {
    const { session } = this;
    const { sentence, isFinal } = await explain(attempt);
    if (!session || session !== this.session || session.state === 'connected') return;
    this.#failure = sentence;
    if (isFinal) this.close(sentence);
    this.#desk.notice.warn(sentence);
  }

  /** @param {string} channel */
  async subscribe(channel) {
    const { notice } = this.#desk;
    if (!channel) return notice.warn(NAME_A_CHANNEL);
    const session = this.open();
    if (!session) return;
    const waiting =
      session.state === 'connected' ? '' : `Not connected yet. The page subscribes to ${channel} then.`;
    if (session.isFollowing(channel)) {
      notice.inform(waiting || `You are subscribed to ${channel} already.`);
      return;
    }
    notice.inform(waiting);
    await session.subscribe(channel);
    notice.retract(waiting);
  }

  /** @param {string} channel */
  unsubscribe(channel) {
    const { notice } = this.#desk;
    notice.clear();
    if (this.session?.isFollowing(channel)) this.session.unsubscribe(channel);
    else notice.inform(`You are not subscribed to ${channel || 'a channel without a name'}.`);
  }

  /**
   * @param {string} channel
   * @param {unknown} data
   */
  async publish(channel, data) {
    const { network, notice, latency } = this.#desk;
    if (!channel) return notice.warn(NAME_A_CHANNEL);
    const session = this.open();
    if (!session) return;
    const waiting = network.isCut ? CUT : CONNECTING;
    if (session.state === 'connected') notice.clear();
    else notice.inform(waiting);
    const sentAt = performance.now();
    try {
      const seq = await session.publish(channel, data);
      latency.sent(channel, seq, sentAt);
      notice.retract(waiting);
      if (!session.isFollowing(channel)) this.#proposeToSubscribe(channel, seq);
    } catch (error) {
      const isEnded = error instanceof FanfareError && error.code === 'closed';
      notice.warn(`Not published. ${(isEnded && this.#end) || sentenceOf(error)}`);
    }
  }

  async ping() {
    const { notice } = this.#desk;
    const sentAt = performance.now();
    try {
      await this.session?.ping();
      notice.inform(`Pong after ${(performance.now() - sentAt).toFixed(1)} ms.`);
    } catch (error) {
      notice.warn(`No pong. ${sentenceOf(error)}`);
    }
  }

  /**
   * @param {string} channel
   * @param {number | undefined} seq
   */
  #proposeToSubscribe(channel, seq) {
    const number = seq === undefined ? '' : ` as number ${seq}`;
    const sentence = `Published to ${channel}${number}. You are not subscribed to ${channel}, so you do not see it here.`;
    const act = () => {
      this.#desk.notice.retract(sentence);
      void this.subscribe(channel);
    };
    this.#desk.notice.inform(sentence, { label: `Subscribe to ${channel}`, act });
  }
}
