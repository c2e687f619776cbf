/** A value that changes outside of React, as `useSyncExternalStore` takes it: it runs while a component listens. */

export abstract class Store<Snapshot> {
  readonly #listeners = new Set<() => void>();
  readonly #initial: Snapshot;
  #snapshot: Snapshot;
  #stop: (() => void) | undefined;
  #isChanged = false;

  /** @param initial The value before the store runs, which is also the value on a server. */
  constructor(initial: Snapshot) {
    this.#initial = initial;
    this.#snapshot = initial;
  }

  /** Called for the first listener. Returns the function that ends what it began. */
  protected abstract start(): () => void;

  readonly read = (): Snapshot => this.#snapshot;

  /** What the server has rendered, so that the first render in the browser is the same. */
  readonly readOnServer = (): Snapshot => this.#initial;

  /**
   * StrictMode and remounts remove a listener and add it again at once. So the store stops later, and only if nothing listens then:
   * a connection stays one connection.
   */
  readonly listen = (listener: () => void): (() => void) => {
    const own = () => listener();
    this.#listeners.add(own);
    this.#stop ??= this.start();
    return () => {
      this.#listeners.delete(own);
      queueMicrotask(() => this.#listeners.size === 0 && this.#end());
    };
  };

  protected set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#tell();
  }

  /** Once for all changes of one moment: a client that catches up with 1,000 messages causes one render. */
  #tell(): void {
    if (this.#isChanged) return;
    this.#isChanged = true;
    queueMicrotask(() => {
      this.#isChanged = false;
      // An exception becomes an unhandled rejection, and the next listener is called all the same.
      for (const listener of [...this.#listeners]) void (async () => listener())();
    });
  }

  #end(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
