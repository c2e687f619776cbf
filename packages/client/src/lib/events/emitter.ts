/** Typed events whose listeners cannot harm each other or the sender. */

type Listener<Event> = (event: Event) => unknown;

export class Emitter<Events extends { error: Error }> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  /** Answers the function that stops it. */
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
   * Runs the application's code, now, and reports what it throws, now or as a promise, as an `error` event. If nobody
   * listens, it surfaces as an unhandled rejection.
   */
  guard(run: () => unknown, isReport = false): void {
    (async () => run())().catch((thrown: unknown) => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (isReport || !this.#listeners.error?.size) throw error;
      this.emit('error', error);
    });
  }
}
