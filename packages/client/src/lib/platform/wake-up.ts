/** When the platform itself gives reason to doubt a silent connection: the page is seen again, the network is back. */

interface Page {
  readonly document: { readonly hidden: boolean };
  /** Missing in React Native. */
  addEventListener?(type: string, listener: () => void, until: { signal: AbortSignal }): void;
}

declare const window: Page | undefined;

/** Listens, where there is something to listen to, until the signal aborts. */
export function onDoubt(check: () => void, until: { signal: AbortSignal }): void {
  if (typeof window === 'undefined') return;
  window.addEventListener?.('visibilitychange', () => window.document.hidden || check(), until);
  window.addEventListener?.('online', check, until);
}
