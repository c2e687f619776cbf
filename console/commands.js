/** The commands of the console's forms. Each has a visible effect: it connects first if necessary, and names a missing field. */

import { sentenceOf } from './failures.js';
import { faultOf } from './web-socket-url.js';

/**
 * @typedef {object} Desk What the commands work with.
 * @property {() => { url: string, token: string }} target Where to connect, as the form says.
 * @property {import('./visit.js').Visit} visit
 * @property {import('./session.js').View} view
 * @property {import('./notice.js').Notice} notice
 * @property {import('./latency.js').Latency} latency
 */

const NAME_A_CHANNEL = 'Name a channel first, such as open:lobby.';
const CUT = 'The network is cut. The message goes out when you mend it.';
const CONNECTING = 'Not connected yet. The page connects first, and the message goes out then.';

export class Commands {
  #desk;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  /** @returns The session, or a new one if the page has none. `undefined` if the URL is invalid. */
  open() {
    const { target, visit, view, notice } = this.#desk;
    if (visit.session) return visit.session;
    const { url, token } = target();
    const fault = faultOf(url);
    if (fault) {
      notice.warn(fault);
      return undefined;
    }
    notice.clear();
    return visit.open(url, token, view);
  }

  /** Connects or disconnects. If the form has another token, it reconnects to the same channels. */
  toggle() {
    const { visit, target } = this.#desk;
    if (!visit.session) return void this.open();
    const { token, channels } = visit.session;
    const isSameToken = token === target().token;
    visit.close();
    if (isSameToken) return;
    this.open();
    for (const channel of channels) void this.subscribe(channel);
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
    const { notice, visit } = this.#desk;
    notice.clear();
    if (visit.session?.isFollowing(channel)) visit.session.unsubscribe(channel);
    else notice.inform(`You are not subscribed to ${channel || 'a channel without a name'}.`);
  }

  /**
   * @param {string} channel
   * @param {unknown} data
   */
  async publish(channel, data) {
    const { visit, notice, latency } = this.#desk;
    if (!channel) return notice.warn(NAME_A_CHANNEL);
    const session = this.open();
    if (!session) return;
    const waiting = visit.network.isCut ? CUT : CONNECTING;
    if (session.state === 'connected') notice.clear();
    else notice.inform(waiting);
    const sentAt = performance.now();
    try {
      const seq = await session.publish(channel, data);
      latency.sent(channel, seq, sentAt);
      notice.retract(waiting);
      if (!session.isFollowing(channel)) this.#proposeToSubscribe(channel, seq);
    } catch (error) {
      notice.warn(`Not published. ${visit.reasonOf(error)}`);
    }
  }

  async ping() {
    const { notice, visit } = this.#desk;
    const sentAt = performance.now();
    try {
      await visit.session?.ping();
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
