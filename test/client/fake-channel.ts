/** A channel of the fake server: a log in memory, with a floor below which everything has expired. */

export interface Stored {
  readonly seq: number;
  readonly data?: unknown;
  readonly void?: true;
  readonly time?: number;
  readonly from?: string;
  readonly name?: string;
  readonly removed?: true;
}

/** What a message says of the name of a value. */
export type Naming = Pick<Stored, 'name' | 'removed'>;

export interface FakePage {
  readonly messages: Stored[];
  readonly more: boolean;
  readonly first?: number;
}

export class FakeChannel {
  /** 0 while the channel has no message. */
  head: number;
  /** Records below it have expired. */
  floor = 101;
  /** How many records a reply holds. */
  replySize = 1_000;
  /** Numbers begin behind it. */
  private readonly createdAt: number;
  private readonly records = new Map<number, Stored>();
  private readonly keys = new Map<string, Stored>();

  /** @param wasUsed something was published, and has expired. */
  constructor(wasUsed = true) {
    this.head = wasUsed ? 100 : 0;
    this.createdAt = wasUsed ? 50 : 100;
  }

  /** The channel's first number, if one was given out. */
  get first(): number | undefined {
    return this.head === 0 ? undefined : this.createdAt + 1;
  }

  /** The message as it is pushed. */
  firstIn([message]: readonly Stored[]): { first?: number } {
    return message !== undefined && message.seq === this.first ? { first: message.seq } : {};
  }

  /** Whether everything after a position is still there. */
  recovers(after: number): boolean {
    const from = after === 0 ? Math.min(this.createdAt, this.head) : after;
    return from + 1 >= this.floor || from >= this.head;
  }

  knows(key: string | undefined): boolean {
    return key !== undefined && this.keys.has(key);
  }

  /** Adds one message; the same key lands once. */
  append(data: unknown, key?: string, naming: Naming = {}): Stored {
    const known = key === undefined ? undefined : this.keys.get(key);
    if (known) return known;
    const stored = this.put({ data, time: 0, ...naming });
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

  /** The newest message of a name; `undefined` without a value. */
  valueOf(name: string): Stored | undefined {
    const newest = [...this.records.values()].findLast((record) => record.name === name);
    return newest?.removed ? undefined : newest;
  }

  /** The names that have a value, in their order. */
  get names(): string[] {
    const names = new Set([...this.records.values()].flatMap(({ name }) => name ?? []));
    return [...names].filter((name) => this.valueOf(name)).toSorted();
  }

  /** A page of the values behind a name. */
  valuesBehind(name: string, most: number): Stored[] {
    const names = this.names.filter((one) => one > name).slice(0, most);
    return names.flatMap((one) => this.valueOf(one) ?? []);
  }

  expireTo(seq: number): void {
    this.floor = seq + 1;
  }

  read(after: number, limit: number, replySize = this.replySize): FakePage {
    const from = Math.max(after + 1, this.floor);
    const to = Math.min(this.head, from + Math.min(limit, replySize) - 1);
    const messages: Stored[] = [];
    for (let seq = from; seq <= to; seq += 1) {
      const record = this.records.get(seq);
      if (record) messages.push(record);
    }
    const { first } = this;
    return { messages, more: to < this.head, ...(after === 0 && first !== undefined && { first }) };
  }

  /** The newest page, or the one that ends before a number. */
  readBack(before: number | undefined, limit: number): FakePage {
    const to = before === undefined ? this.head : before - 1;
    const after = Math.max(to - limit, this.floor - 1);
    const { messages } = this.read(after, to - after);
    return { messages, more: after >= this.floor };
  }

  private put(content: Omit<Stored, 'seq'>): Stored {
    this.head = Math.max(this.head, this.createdAt) + 1;
    const record = { seq: this.head, ...content };
    this.records.set(this.head, record);
    return record;
  }
}
