/** A channel of the fake server: a log in memory, with a floor below which everything has expired. */

export interface Stored {
  readonly seq: number;
  readonly data?: unknown;
  readonly void?: true;
  readonly time?: number;
}

export class FakeChannel {
  head = 100;
  /** Records below it have expired. */
  floor = 101;
  /** How many records a reply holds. */
  replySize = 1_000;
  private readonly records = new Map<number, Stored>();
  private readonly keys = new Map<string, Stored>();

  /** Adds one message; the same key lands once. */
  append(data: unknown, key?: string): Stored {
    const known = key === undefined ? undefined : this.keys.get(key);
    if (known) return known;
    const stored = this.put({ data, time: 0 });
    if (key !== undefined) this.keys.set(key, stored);
    return stored;
  }

  /** A writer died, and a reader sealed its number. */
  seal(): Stored {
    return this.put({ void: true });
  }

  /** The numbers that no message has. */
  get voids(): number[] {
    return [...this.records.values()].filter((record) => record.void).map(({ seq }) => seq);
  }

  expireTo(seq: number): void {
    this.floor = seq + 1;
  }

  read(after: number, limit: number, replySize = this.replySize): { messages: Stored[]; more: boolean } {
    const from = Math.max(after + 1, this.floor);
    const to = Math.min(this.head, from + Math.min(limit, replySize) - 1);
    const messages: Stored[] = [];
    for (let seq = from; seq <= to; seq += 1) {
      const record = this.records.get(seq);
      if (record) messages.push(record);
    }
    return { messages, more: to < this.head };
  }

  private put(content: Omit<Stored, 'seq'>): Stored {
    this.head += 1;
    const record = { seq: this.head, ...content };
    this.records.set(this.head, record);
    return record;
  }
}
