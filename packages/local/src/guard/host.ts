/** For which host a request is. A name that leads to this machine makes a foreign page look like one of ours (DNS rebinding). */

import type { IncomingMessage } from 'node:http';

/** No other name: what a resolver says of names below `localhost`, and of other spellings of the addresses, differs. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Other ways of saying for which host a request is, such as `GET http://evil.example/`, count for more than the header. */
const PATH = /^\//;

const WHAT_TO_DO = 'ask for localhost or 127.0.0.1';

/**
 * Why a request is refused, in a sentence; `undefined` if it is for this machine. Any port will do, because a tunnel may have
 * another one, and no page can choose a name that is loopback.
 *
 * @param names Hosts, in lower case, under which the runtime's own functions ask for what is served here.
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

/** From the raw headers, because the parsed ones keep the first of several. */
function hostsIn(rawHeaders: readonly string[]): string[] {
  const hosts: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    if (isHost(rawHeaders[at])) hosts.push(rawHeaders[at + 1] ?? '');
  return hosts;
}

function isHost(name: string | undefined): boolean {
  return name?.length === 4 && name.toLowerCase() === 'host';
}
