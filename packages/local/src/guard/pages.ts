/**
 * Decides which pages may send which requests. A browser lets every page send simple requests to this machine, and names the page's
 * origin.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 * @see https://www.w3.org/TR/fetch-metadata/
 */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * The callers that a door admits.
 *
 * `program`: an API of AWS that acts for every caller. It admits no page, and no request that a page could send without a preflight.
 * `signed`: an API that checks signatures. It admits no page.
 * `page`: the pages of this server, and programs.
 * `AppDoor`: a door that a deployed stage has as well. It admits programs, pages of this machine, and the pages that the app admits.
 */
export type Door = 'program' | 'signed' | 'page' | AppDoor;

export interface AppDoor {
  /** Whether the app's configuration admits pages of this origin. `undefined`: the browser did not name the origin. */
  readonly admits: (origin: string | undefined) => boolean;
}

/** The door of a path that the app does not serve. */
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

/** The reason for a refusal, or `undefined` if the request may pass the door. */
export function pageRefusal(door: Door, request: Request): string | undefined {
  if (door === 'program') return pageTrace(request) ?? simpleRequest(request);
  if (door === 'signed') return pageTrace(request);
  if (isVisit(request)) return undefined;
  if (door === 'page') return isOfOwnPage(request.headers) ? undefined : FOR_OWN_PAGES;
  const { headers } = request;
  return isOfLocalPage(headers) || door.admits(headers.origin) ? undefined : FOR_LOCAL_PAGES;
}

/** `same-site` is not enough, because another program may own another port of localhost. `none`: a person has typed the URL. */
const OWN_SITES = new Set<unknown>([undefined, 'none', 'same-origin']);

function pageTrace({ headers }: Request): string | undefined {
  const isOfPage = headers.origin !== undefined || !OWN_SITES.has(headers['sec-fetch-site']);
  return isOfPage ? FOR_PROGRAMS : undefined;
}

/** Even an old browser without Fetch Metadata asks before it sends such a header, and gets no permission here. */
function simpleRequest({ method, headers }: Request): string | undefined {
  return method === 'POST' && !hasAskingHeader(headers) ? SIMPLE : undefined;
}

/** Whether a page would need a preflight for this request. Every SDK sends at least one of these headers. */
function hasAskingHeader(headers: IncomingHttpHeaders): boolean {
  if (headers.authorization !== undefined) return true;
  if (headers['content-type']?.startsWith('application/x-amz-json-')) return true;
  return Object.keys(headers).some((name) => name.startsWith('x-amz-'));
}

function isOfOwnPage({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (!OWN_SITES.has(site)) return false;
  return origin === undefined || origin === `http://${host.toLowerCase()}`;
}

/** Names below localhost are not included: some browsers ask a resolver for them, which may name another machine. */
const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** The metadata of a browser that sends no origin. `same-site` is another port of this machine. */
const LOCAL_SITES = new Set<unknown>([...OWN_SITES, 'same-site']);

function isOfLocalPage({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  // The form of a page with a strict referrer policy has the origin `null`.
  if (site === 'same-origin') return true;
  return origin === undefined ? LOCAL_SITES.has(site) : LOCAL_ORIGIN.test(origin);
}

/**
 * Whether a person follows a link, or comes back from a sign-in. No other page can read the answer.
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
