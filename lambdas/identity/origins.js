/**
 * Which websites' pages may connect. Browsers say in every handshake whose page it is, and let any page connect anywhere:
 * without this check, another site's page could connect as whoever is signed in there.
 */
import * as v from 'valibot';
/** `https://app.example.com`, `https://*.example.com` for every subdomain, `http://localhost:*` for every port, or `null`. */
const RULE = /^(?:null|https?:\/\/(?:\*\.)?[a-z0-9]+(?:(?:\.|-+)[a-z0-9]+)*(?::(?:\*|\d{1,5}))?)$/;
export const origins = v.array(v.pipe(v.string(), v.regex(RULE, 'an origin is https://host, https://*.host or http://host:*, in lower case and without a path')));
/**
 * Programs that are no browsers send no origin and could send any: nothing is gained by refusing them here.
 *
 * @param origin The header of the handshake, `undefined` if there is none.
 */
export function isAllowedOrigin(rules, origin) {
    return origin === undefined || rules.some((rule) => covers(rule, origin));
}
/** `none`: a person typed the address or opened a bookmark. */
const NOT_ANOTHER_SITE = [undefined, 'same-origin', 'none'];
/**
 * Whether the page of another site caused a request that does not say which one. Browsers send no `Origin` with an image, a
 * script, a link or a `no-cors` fetch, so the list of origins alone lets these through. What the page cannot read still opens
 * sessions and costs work.
 */
export function isHiddenCrossSite({ origin, fetchSite }) {
    return origin === undefined && !NOT_ANOTHER_SITE.includes(fetchSite);
}
function covers(rule, origin) {
    if (rule === origin)
        return true;
    const wanted = partsOf(rule);
    const given = partsOf(origin);
    if (!wanted || !given)
        return false;
    return (wanted.scheme === given.scheme &&
        (wanted.port === '*' || wanted.port === given.port) &&
        (wanted.host === given.host ||
            (wanted.host.startsWith('*.') && isBelow(given.host, wanted.host.slice(1)))));
}
/** The dot belongs to it, or `https://evil-example.com` would be below `example.com`. */
function isBelow(host, dotAndDomain) {
    return host.endsWith(dotAndDomain) && host.length > dotAndDomain.length;
}
const PARTS = /^(?<scheme>https?):\/\/(?<host>[^/\\:@?#\s]+)(?::(?<port>\*|\d+))?$/;
function partsOf(origin) {
    const { scheme, host, port = '' } = PARTS.exec(origin)?.groups ?? {};
    return scheme === undefined || host === undefined ? undefined : { scheme, host, port };
}
