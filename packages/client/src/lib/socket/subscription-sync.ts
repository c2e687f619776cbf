/**
 * Makes what one socket is subscribed to equal to what is wanted, one frame at a time.
 *
 * Two frames of one connection may be handled at once and finish in any order (OR-2): an unsubscribe could overtake the
 * subscribe before it. So the next frame waits for the reply, and is made of whatever is wanted by then. On a new socket
 * the same rule sends every subscription in one frame.
 */

import { COMMANDS_PER_FRAME } from 'fanfare-protocol/limits';
import type { Follower } from '../channel/live-subscription.ts';
import type { Hub } from '../hub.ts';
import { FanfareError } from '../wire/errors.ts';
import { fitting, ID_BYTES } from '../wire/frame-size.ts';
import type { Answer } from './in-flight.ts';

export interface RosterOwner {
  readonly isOpen: boolean;
  ask(commands: readonly string[]): Promise<(Answer | undefined)[]>;
  /** The socket has everything that is wanted. */
  synced(): void;
}

/** What is called behind a subscription waits for this many attempts: half a minute without any reply. */
const ATTEMPTS_WAITED_FOR = 3;

/** One command, and for whom. */
interface Task {
  readonly text: string;
  readonly follower: Follower;
  /** What a subscribe is asked with. */
  readonly after: number | undefined;
}

export class Roster {
  readonly #hub: Hub;
  readonly #owner: RosterOwner;
  readonly #joined = new Set<Follower>();
  #isRunning = false;
  #failures = 0;

  constructor(hub: Hub, owner: RosterOwner) {
    this.#hub = hub;
    this.#owner = owner;
  }

  /** Something else is wanted now. Calls of the same moment share a frame. */
  sync(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    for (let tasks = this.#next(); tasks.length > 0 && this.#owner.isOpen; tasks = this.#next()) {
      const answers = await this.#owner.ask(tasks.map(({ text }) => text));
      if (!this.#owner.isOpen) return;
      const waitMs = Math.max(...tasks.map((task, index) => this.#settle(task, answers[index])));
      this.#failures = waitMs < 0 ? 0 : this.#failures + 1;
      this.#releaseConfirmed();
      if (waitMs >= 0) await this.#hub.settings.clock.pause(waitMs);
    }
    this.#isRunning = false;
    if (this.#owner.isOpen) this.#owner.synced();
  }

  /**
   * Followers that joined in an earlier frame are among them: since then, the loss of another socket may have interrupted them.
   * After too many failures, nothing waits for any follower.
   */
  #releaseConfirmed(): void {
    const confirmed = this.#failures < ATTEMPTS_WAITED_FOR ? this.#joined : this.#hub.wanted;
    for (const follower of confirmed) follower.release();
  }

  /** How long to wait before the task is tried again; -1 when it is done. Milliseconds. */
  #settle({ follower, after }: Task, answer: Answer | undefined): number {
    const { retryMs } = this.#hub.settings;
    const isRefused = answer instanceof FanfareError;
    // A limit without a time after which to try again, such as too many channels, does not pass.
    const isStanding = isRefused && answer.code === 'rate-limited' && answer.retryAfter === undefined;
    if (!answer || (isRefused && answer.isRetryable && !isStanding)) return retryMs(this.#failures, answer);
    if (this.#joined.delete(follower)) return -1;
    if (isRefused) follower.end(answer);
    else {
      this.#joined.add(follower);
      follower.subscribed(answer, after);
    }
    return -1;
  }

  #next(): Task[] {
    const { wanted } = this.#hub;
    const tasks: Task[] = [];
    for (const follower of this.#joined) {
      if (wanted.has(follower)) continue;
      if ([...wanted].some(({ channel }) => channel === follower.channel)) this.#joined.delete(follower);
      else tasks.push(task('unsubscribe', follower));
    }
    for (const follower of wanted) {
      if (!this.#joined.has(follower)) tasks.push(task('subscribe', follower, follower.sequencer.position));
    }
    return fitting(tasks.slice(0, COMMANDS_PER_FRAME), '[]'.length, ID_BYTES);
  }
}

function task(action: 'subscribe' | 'unsubscribe', follower: Follower, after?: number): Task {
  return { text: JSON.stringify({ action, channel: follower.channel, after }), follower, after };
}
