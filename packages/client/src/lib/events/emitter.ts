/** Typed events. A listener that throws harms neither the other listeners nor the sender. */

type Listener<Event> = (event: Event) => unknown;

export class Emitter<Events extends { error: Error }> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  /** @returns the function that removes the listener. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners[name] ?? []) this.guard(() => listener(event), name === 'error');
  }

  /**
   * Runs a function of the application at once. What it throws, at once or by its promise, becomes an `error` event. Without a
   * listener for `error`, and for what such a listener itself throws, it becomes an unhandled rejection.
   */
  guard(run: () => unknown, isErrorListener = false): void {
    (async () => run())().catch((thrown: unknown) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (isErrorListener || !this.#listeners.error?.size) throw error;
      this.emit('error', error);
    });
  }
}
