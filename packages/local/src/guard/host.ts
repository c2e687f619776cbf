/** Checks the host of a request. By DNS rebinding, a foreign page could reach this machine under a name of its own. */

import type { IncomingMessage } from 'node:http';

/** Other names are refused, because resolvers differ about names below `localhost` and about other spellings of the addresses. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** A full URL in the request line, such as `GET http://evil.example/`, would override the header. */
const PATH = /^\//;

const WHAT_TO_DO = 'ask for localhost or 127.0.0.1';

/**
 * The reason for a refusal, or `undefined` if the request is for this machine. Any port is allowed, because a tunnel may have another one.
 * A foreign page cannot have a loopback name.
 *
 * @param names Deployed hosts, in lower case, that functions may use.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function hostRefusal(
  { url = '', rawHeaders }: Pick<IncomingMessage, 'url' | 'rawHeaders'>,
  names: ReadonlySet<string>,
): string | undefined {
  if (!PATH.test(url))
    return `The local runtime refuses a request whose request line has more than a path: ${WHAT_TO_DO}.`;
  const [host, ...more] = hostsIn(rawHeaders);
  if (host === undefined)
    return `The local runtime refuses a request without a Host header, because it answers for this machine only: ${WHAT_TO_DO}.`;
  if (more.length > 0)
    return `The local runtime refuses a request with several Host headers: send one, and ${WHAT_TO_DO}.`;
  if (LOOPBACK.test(host) || names.has(host.toLowerCase())) return undefined;
  return `The local runtime refuses a request for the host ${host}, because it answers for this machine only: ${WHAT_TO_DO}.`;
}

/** Reads the raw headers, because Node's parsed headers keep only the first `Host`. */
function hostsIn(rawHeaders: readonly string[]): string[] {
  const hosts: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    if (isHost(rawHeaders[at])) hosts.push(rawHeaders[at + 1] ?? '');
  return hosts;
}

function isHost(name: string | undefined): boolean {
  return name?.length === 4 && name.toLowerCase() === 'host';
}
