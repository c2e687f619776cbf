/**
 * When a silent connection is worth a check: the page is visible again, or the network is back. Browsers freeze hidden pages, and
 * report a broken socket late or never.
 */

interface Page {
  readonly document: { readonly hidden: boolean };
  /** Missing in React Native. */
  addEventListener?(type: string, listener: () => void, until: { signal: AbortSignal }): void;
}

declare const window: Page | undefined;

/** Calls `check` at each wake-up until the signal aborts. Does nothing outside of browsers. */
export function onWakeUp(check: () => void, until: { signal: AbortSignal }): void {
  if (typeof window === 'undefined') return;
  window.addEventListener?.('visibilitychange', () => window.document.hidden || check(), until);
  window.addEventListener?.('online', check, until);
}
