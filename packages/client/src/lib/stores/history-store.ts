/** What a component shows of a channel's history: pages that are read once, without a subscription. */

import type { ConnectionStore } from './connection-store.ts';
import { MessageList, type MessageRow } from './message-list.ts';
import { OlderPages, type OlderView } from './older-pages.ts';
import { Store } from './store.ts';

/** The part of what `useHistory` returns that changes. */
export interface HistoryView<Data = unknown> extends OlderView {
  /** Oldest first. */
  readonly messages: readonly MessageRow<Data>[];
}

const NOTHING: HistoryView = { messages: [], isLoading: false, hasOlder: false, historyError: undefined };

export class HistoryStore extends Store<HistoryView> {
  readonly #connection: ConnectionStore;
  readonly #name: string;
  readonly #limit: number;
  readonly #list = new MessageList();
  #older: OlderPages | undefined;

  constructor(connection: ConnectionStore, name: string, limit: number) {
    super(NOTHING);
    this.#connection = connection;
    this.#name = name;
    this.#limit = limit;
  }

  readonly loadOlder = async (): Promise<void> => {
    await this.#older?.load(this.#limit);
  };

  protected start(): () => void {
    const { connection, release } = this.#connection.hold();
    const running = new AbortController();
    const show = (change: Partial<OlderView>) => this.set({ ...change, messages: this.#list.rows });
    this.#older = new OlderPages(connection.channel(this.#name), this.#list, running.signal, show);
    if (this.#list.newest === undefined) void this.loadOlder();
    return () => {
      running.abort();
      this.#older = undefined;
      release();
    };
  }
}
