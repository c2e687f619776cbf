/** A table of the application's own, as its handlers use it. */

/** Ends a request, as the `signal` of a handler's context does when its time is over. */
export interface TableOptions {
  readonly signal?: AbortSignal;
}

export interface PutOptions<Item> extends TableOptions {
  /** Nothing is written if the item with the same key has this attribute. Name the partition key, so that only a new item is written. */
  readonly ifAbsent?: keyof Item & string;
}

/** Items are plain JavaScript: text, numbers, booleans, `null`, lists, objects, sets and bytes. A field that is `undefined` is left out. */
export interface OwnTable<Item extends object> {
  /** The name of the table in the account, for requests of your own. */
  readonly name: string;
  /** Reads an item by its primary key, consistently. */
  get(key: Partial<Item>, options?: TableOptions): Promise<Item | undefined>;
  /**
   * Writes an item, in place of one with the same key.
   *
   * @returns false if `ifAbsent` has prevented it.
   */
  put(item: Item, options?: PutOptions<Item>): Promise<boolean>;
  delete(key: Partial<Item>, options?: TableOptions): Promise<void>;
}

/** The variable in which a function finds the name of the table. */
export function tableVariable(name: string): string {
  return `FANFARE_TABLE_${name}`;
}
