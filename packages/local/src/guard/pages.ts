/**
 * Which pages may send which requests. A browser lets every page send simple requests to this machine, and says whose page it is.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 * @see https://www.w3.org/TR/fetch-metadata/
 */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * Who may come in by a door.
 *
 * `program`: an API of AWS that acts for every caller here: no page at all, and no request that one could send unasked.
 * `signed`: one that checks signatures: no page at all.
 * `page`: the pages of this very server, and programs.
 * An app's own door, which a deployed stage has as well: programs, the pages of this machine, and those that the app admits.
 */
export type Door = 'program' | 'signed' | 'page' | AppDoor;

export interface AppDoor {
  /** Whether the app's own configuration opens this door to a page of this origin; `undefined`: the browser did not say. */
  readonly admits: (origin: string | undefined) => boolean;
}

/** Of a path at which the app has nothing. */
export const OF_THIS_MACHINE_ONLY: AppDoor = { admits: () => false };

type Request = Pick<IncomingMessage, 'method' | 'headers'>;

const FOR_PROGRAMS =
  'The local runtime refuses this request, because no page may use the APIs of AWS here: send it from a program or a terminal.';

const SIMPLE =
  'The local runtime refuses this request, because a page could send it without asking: sign it, or send a header X-Amz-* with it.';

const FOR_OWN_PAGES =
  'The local runtime refuses this request, because it comes from a page of another site: open the console, or ask from a program.';

const FOR_LOCAL_PAGES =
  'The local runtime refuses this request, because it comes from a page of another machine, or of none: open the page from localhost, or have the app admit its origin.';

/** Why a request is refused, in a sentence; `undefined` if it may pass the door. */
export function pageRefusal(door: Door, request: Request): string | undefined {
  if (door === 'program') return pageTrace(request) ?? simpleRequest(request);
  if (door === 'signed') return pageTrace(request);
  if (isVisit(request)) return undefined;
  if (door === 'page') return isOfOwnPage(request.headers) ? undefined : FOR_OWN_PAGES;
  const { headers } = request;
  return isOfLocalPage(headers) || door.admits(headers.origin) ? undefined : FOR_LOCAL_PAGES;
}

/** `same-site` is not enough: every port of localhost is the same site, and may be another program's. `none`: typed by a person. */
const OWN_SITES = new Set<unknown>([undefined, 'none', 'same-origin']);

function pageTrace({ headers }: Request): string | undefined {
  const isOfPage = headers.origin !== undefined || !OWN_SITES.has(headers['sec-fetch-site']);
  return isOfPage ? FOR_PROGRAMS : undefined;
}

/** Of a browser so old that it leaves no trace. It, too, asks before it sends such a header, and gets no permission here. */
function simpleRequest({ method, headers }: Request): string | undefined {
  return method === 'POST' && !hasAskingHeader(headers) ? SIMPLE : undefined;
}

/** Whether a page could send the request only after a preflight. Every SDK signs, and sends some of these. */
function hasAskingHeader(headers: IncomingHttpHeaders): boolean {
  if (headers.authorization !== undefined) return true;
  if (headers['content-type']?.startsWith('application/x-amz-json-')) return true;
  return Object.keys(headers).some((name) => name.startsWith('x-amz-'));
}

function isOfOwnPage({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (!OWN_SITES.has(site)) return false;
  return origin === undefined || origin === `http://${host.toLowerCase()}`;
}

/** Without names below localhost: some browsers ask a resolver for them, which may lead to another machine. */
const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** What a browser says that sends no origin: `same-site` is another port of this machine. */
const LOCAL_SITES = new Set<unknown>([...OWN_SITES, 'same-site']);

function isOfLocalPage({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  // A page without a referrer policy of its own may send the origin `null` with its forms.
  if (site === 'same-origin') return true;
  return origin === undefined ? LOCAL_SITES.has(site) : LOCAL_ORIGIN.test(origin);
}

/**
 * A person follows a link, or comes back from signing in elsewhere. No other page reads the answer.
 *
 * @see https://web.dev/articles/fetch-metadata
 */
function isVisit({ method, headers }: Request): boolean {
  return (
    method === 'GET' &&
    headers.origin === undefined &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}
