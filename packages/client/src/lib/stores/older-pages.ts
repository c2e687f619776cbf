/** Reads the history of a channel backwards into a list, page by page. */

import type { Channel } from '../channel/channel.ts';
import { type HistoryPage, historyOf } from '../channel/history.ts';
import { FanfareError } from '../wire/errors.ts';
import type { MessageList } from './message-list.ts';

/** The delay before a failed read is repeated, unless the server names one. Milliseconds. */
const RETRY_MS = 2_000;

/** How the reading of older messages goes. */
export interface OlderView {
  /** Whether a page is being read. */
  readonly isLoading: boolean;
  /** Whether `loadOlder()` finds more. `false` until the first page has come. */
  readonly hasOlder: boolean;
  /** Why a page could not be read. */
  readonly historyError: FanfareError | undefined;
}

export class OlderPages {
  readonly #channel: Channel;
  readonly #list: MessageList;
  readonly #until: AbortSignal;
  readonly #tell: (change: Partial<OlderView>) => void;
  /** The next page ends before it. `undefined`: the next page is the newest one. */
  #before: number | undefined;
  #isLoading = false;

  /**
   * @param until After it, nothing is told.
   * @param tell Called at each change, also when the list has new rows.
   */
  constructor(
    channel: Channel,
    list: MessageList,
    until: AbortSignal,
    tell: (change: Partial<OlderView>) => void,
  ) {
    this.#channel = channel;
    this.#list = list;
    this.#until = until;
    this.#tell = (change) => until.aborted || tell(change);
    this.#before = list.oldest;
  }

  /** Rows were removed at the old end of the list. The next page has them again. */
  cut(): void {
    this.#before = this.#list.oldest;
    this.#tell({ hasOlder: true });
  }

  /** Reads the next page. A call while a page is being read does nothing. Returns how many messages the page had. */
  async load(limit: number): Promise<number> {
    if (this.#isLoading) return 0;
    this.#isLoading = true;
    this.#tell({ isLoading: true, historyError: undefined });
    try {
      const { messages, next, more } = await this.#page(limit);
      for (const message of messages) this.#list.received(message);
      this.#before = next ?? this.#before;
      this.#tell({ isLoading: false, hasOlder: more });
      return messages.length;
    } catch (error) {
      if (!(error instanceof FanfareError)) throw error;
      this.#tell({ isLoading: false, historyError: error });
      return 0;
    } finally {
      this.#isLoading = false;
    }
  }

  async #page(limit: number): Promise<HistoryPage> {
    for (;;) {
      try {
        const before = this.#before;
        return await historyOf(this.#channel, before === undefined ? { limit } : { before, limit });
      } catch (error) {
        if (!(error instanceof FanfareError) || !error.isRetryable || this.#until.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfter ?? RETRY_MS));
      }
    }
  }
}
