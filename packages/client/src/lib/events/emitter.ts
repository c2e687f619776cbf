/** Typed events. A listener that throws harms neither the other listeners nor the sender. */

type Listener<Event> = (event: Event) => unknown;

export class Emitter<Events extends { error: Error }> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  /** @returns the function that removes the listener. The same function may listen twice. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const own: Listener<Events[Name]> = (event) => listener(event);
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** Calls the listeners that there are now, unless one of them removes another. Returns how many there were. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): number {
    const listeners = this.#listeners[name];
    const all = [...(listeners ?? [])];
    for (const own of all) {
      if (listeners?.has(own)) this.guarded(() => own(event), name === 'error');
    }
    return all.length;
  }

  /**
   * Runs a function of the application at once. What it throws, at once or by its promise, becomes an `error` event. Without a
   * listener for `error`, and for what such a listener itself throws, it becomes an unhandled rejection.
   */
  guarded(run: () => unknown, isErrorListener = false): void {
    (async () => run())().catch((thrown: unknown) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (isErrorListener || !this.#listeners.error?.size) throw error;
      this.emit('error', error);
    });
  }
}
