/**
 * What the frames of one page tell the tour: what it sent and got, and whether everything that was sent while its network was cut has
 * arrived. It reads the wire, so it does not rely on what the page or its client says.
 */

/**
 * @typedef {object} Pending A channel that was followed when the network was cut.
 * @property {number} from The last number before the cut; 0 if the channel had no message yet.
 * @property {number | undefined} to The newest number when the page subscribed again.
 * @property {boolean} isLost Whether the server does not keep all of it any more.
 * @property {Map<number, boolean>} numbers Those that arrived since, and whether each is a message, or a void.
 */

/** @typedef {{ count: number, isLost: boolean, channels: number }} CaughtUp */

export class FrameRecord {
  sent = 0;
  updates = 0;
  received = 0;
  /** The last number of each followed channel that keeps its messages. @type {Map<string, number>} */
  #positions = new Map();
  /** How many messages the page got by a channel that keeps them. @type {Map<string, number>} */
  #kept = new Map();
  /** How many messages a publish has, by its id. @type {Map<unknown, number>} */
  #sizes = new Map();
  /** @type {Map<string, Pending> | undefined} */
  #pending;

  /** The network is cut from now on. */
  cut() {
    this.#pending = new Map(
      [...this.#positions].map(([channel, from]) => [
        channel,
        { from, to: undefined, isLost: false, numbers: new Map() },
      ]),
    );
  }

  /**
   * How many messages this page has got live by channels that another one follows, too.
   *
   * @param {FrameRecord} other
   */
  sharedWith(other) {
    const shared = [...this.#kept].filter(([channel]) => other.#positions.has(channel));
    return shared.reduce((sum, [, count]) => sum + count, 0);
  }

  /** @param {string} text */
  wasSent(text) {
    for (const { action, id, messages } of commandsOf(text))
      if (action === 'publish') this.#sizes.set(id, messages?.length ?? 1);
  }

  /** @param {string} text */
  wasReceived(text) {
    for (const frame of commandsOf(text)) readers.get(frame.event)?.(this, frame);
  }

  /** @returns {CaughtUp | undefined} Once, when everything up to the moment of the new subscription is there. */
  takeCaughtUp() {
    const pending = this.#pending && [...this.#pending.values()];
    if (!pending?.every(isComplete)) return undefined;
    this.#pending = undefined;
    return {
      count: pending.reduce((sum, channel) => sum + countOf(channel), 0),
      isLost: pending.some(({ isLost }) => isLost),
      channels: pending.length,
    };
  }

  /** @param {any} frame */
  published({ id, seq }) {
    const count = this.#sizes.get(id) ?? 1;
    this.#sizes.delete(id);
    if (seq === undefined) this.updates += count;
    else this.sent += count;
  }

  /** @param {any} frame */
  subscribed({ channel, seq, first = 1, recovered, messages = [] }) {
    // A channel without history has no numbers.
    if (seq === undefined) return;
    const pending = this.#pending?.get(channel);
    if (pending) {
      pending.to = seq;
      pending.isLost = recovered === false;
      pending.from ||= first - 1;
    }
    this.#positions.set(channel, Math.max(seq, this.#positions.get(channel) ?? 0));
    this.arrived({ channel, messages });
  }

  /** @param {any} frame */
  unsubscribed({ channel }) {
    this.#positions.delete(channel);
    this.#pending?.delete(channel);
  }

  /** @param {any} frame */
  live({ channel, messages }) {
    this.received += messages.length;
    const kept = messages.filter((/** @type {any} */ { seq }) => seq !== undefined).length;
    this.#kept.set(channel, (this.#kept.get(channel) ?? 0) + kept);
    this.arrived({ channel, messages });
  }

  /** @param {any} frame */
  arrived({ channel, messages }) {
    const position = this.#positions.get(channel);
    const pending = this.#pending?.get(channel);
    for (const { seq, void: isVoid = false } of messages) {
      pending?.numbers.set(seq, !isVoid);
      if (position !== undefined && seq > (this.#positions.get(channel) ?? 0))
        this.#positions.set(channel, seq);
    }
  }
}

/** By their event. @type {Map<unknown, (record: FrameRecord, frame: any) => void>} */
const readers = new Map([
  ['published', (/** @type {FrameRecord} */ record, /** @type {any} */ frame) => record.published(frame)],
  ['subscribed', (/** @type {FrameRecord} */ record, /** @type {any} */ frame) => record.subscribed(frame)],
  [
    'unsubscribed',
    (/** @type {FrameRecord} */ record, /** @type {any} */ frame) => record.unsubscribed(frame),
  ],
  ['messages', (/** @type {FrameRecord} */ record, /** @type {any} */ frame) => record.live(frame)],
  ['history', (/** @type {FrameRecord} */ record, /** @type {any} */ frame) => record.arrived(frame)],
]);

/** @param {Pending} pending */
function isComplete({ from, to, isLost, numbers }) {
  if (to === undefined) return false;
  if (isLost) return true;
  for (let seq = from + 1; seq <= to; seq += 1) if (!numbers.has(seq)) return false;
  return true;
}

/** @param {Pending} pending */
function countOf({ from, to = 0, numbers }) {
  return [...numbers].filter(([seq, isMessage]) => isMessage && seq > from && seq <= to).length;
}

/**
 * A frame is one command or reply, or an array of them. Examples may send other texts as well.
 *
 * @param {string} text
 * @returns {any[]}
 */
function commandsOf(text) {
  try {
    const frames = [JSON.parse(text)].flat();
    return frames.filter((frame) => typeof frame === 'object' && frame !== null);
  } catch {
    return [];
  }
}
