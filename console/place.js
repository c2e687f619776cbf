/**
 * Whether the local runtime serves this page. A web server answers with this file; the local runtime answers with its own
 * version (`console/console-site.ts`), so that no page has to probe for it.
 */

export const isServedLocally = /** @type {boolean} */ (false);
