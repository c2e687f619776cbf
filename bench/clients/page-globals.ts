/** What the bundles for browsers expect of a page, in a process of Node.js that runs nothing else. */

/** @param more The page's WebSocket, and in virtual time its timers. */
export function becomePage(more: object): void {
  const listening = { addEventListener: () => {}, removeEventListener: () => {} };
  const location = {
    protocol: 'http:',
    hostname: 'localhost',
    port: '',
    href: 'http://localhost/',
    search: '',
  };
  const globals = {
    ...listening,
    window: globalThis,
    self: globalThis,
    document: { ...listening, hidden: false, visibilityState: 'visible', location, cookie: '', body: {} },
    navigator: { onLine: true, userAgent: 'benchmark', product: '' },
    location,
    ...more,
  };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  // By this some clients recognize Node.js, and then load packages that no bundle for browsers has.
  Object.defineProperty(process, 'release', { value: {} });
}
