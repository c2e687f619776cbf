/**
 * Decides which websites may connect. A browser sends the origin of the page with every handshake, but lets any page connect to any
 * server. Without this check, a page of another site could connect as the user who is signed in in that browser.
 */

import * as v from 'valibot';

/** `https://app.example.com`, `https://*.example.com` for every subdomain, `http://localhost:*` for every port, or `null`. */
const RULE = /^(?:null|https?:\/\/(?:\*\.)?[a-z0-9]+(?:(?:\.|-+)[a-z0-9]+)*(?::(?:\*|\d{1,5}))?)$/;

export const origins = v.array(
  v.pipe(
    v.string(),
    v.regex(
      RULE,
      'an origin is https://host, https://*.host or http://host:*, in lower case and without a path',
    ),
  ),
);

/**
 * A program that is not a browser sends no origin, or invents one. So a refusal without an origin would protect nothing.
 *
 * @param origin The header of the handshake; `undefined` if the handshake has no such header.
 */
export function isAllowedOrigin(rules: readonly string[], origin: string | undefined): boolean {
  return origin === undefined || rules.some((rule) => covers(rule, origin));
}

/** The header by which a browser itself describes a request (https://w3c.github.io/webappsec-fetch-metadata/). No page can change it. */
export interface FetchSite {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`: whose page asked. Programs and old browsers do not send it. */
  readonly fetchSite: string | undefined;
}

/** `none`: a person typed the address or opened a bookmark. */
const NOT_ANOTHER_SITE: readonly (string | undefined)[] = [undefined, 'same-origin', 'none'];

/**
 * Whether a page of another site has caused a request without an `Origin`. Browsers send no `Origin` with an image, a script, a
 * link or a `no-cors` fetch, so the list of origins alone lets these through. The page cannot read the answer, but the request
 * would still open a session and cost work.
 */
export function isHiddenCrossSite({ origin, fetchSite }: FetchSite): boolean {
  return origin === undefined && !NOT_ANOTHER_SITE.includes(fetchSite);
}

function covers(rule: string, origin: string): boolean {
  if (rule === origin) return true;
  const wanted = partsOf(rule);
  const given = partsOf(origin);
  if (!wanted || !given) return false;
  return (
    wanted.scheme === given.scheme &&
    (wanted.port === '*' || wanted.port === given.port) &&
    (wanted.host === given.host ||
      (wanted.host.startsWith('*.') && isBelow(given.host, wanted.host.slice(1))))
  );
}

/** The dot is part of the comparison. Without it, `https://evil-example.com` would count as a subdomain of `example.com`. */
function isBelow(host: string, dotAndDomain: string): boolean {
  return host.endsWith(dotAndDomain) && host.length > dotAndDomain.length;
}

const PARTS = /^(?<scheme>https?):\/\/(?<host>[^/\\:@?#\s]+)(?::(?<port>\*|\d+))?$/;

function partsOf(origin: string) {
  const { scheme, host, port = '' } = PARTS.exec(origin)?.groups ?? {};
  return scheme === undefined || host === undefined ? undefined : { scheme, host, port };
}
