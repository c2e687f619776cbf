/** Whether a request comes from a page of this server, or from a program on this machine, and not from another site's page. */

import type { IncomingHttpHeaders } from 'node:http';

/** `same-site` is not enough: every port of localhost is the same site, and may be another program's. */
const OWN_PAGES = new Set<unknown>([undefined, 'none', 'same-origin']);

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * A foreign domain whose name leads to 127.0.0.1 makes a foreign page look like one of this server (DNS rebinding), but shows in `Host`.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOfThisSite({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (!LOOPBACK.test(host) || !OWN_PAGES.has(site)) return false;
  return origin === undefined || origin === `http://${host}`;
}
