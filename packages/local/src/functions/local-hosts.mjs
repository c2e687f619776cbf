/**
 * Redirects requests for deployed hosts to this machine, and sends requests by https to local hosts without TLS. Functions build URLs
 * like `https://${domainName}/${stage}` from their events (EV-8), and the runtime does not speak TLS.
 *
 * Plain JavaScript, because execution environments load it.
 */

import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

/** @typedef {Readonly<Record<string, string>>} LocalHosts the requested host to the local host, both as `host:port` */

const TLS_PORT = '443';

/** @param {LocalHosts} localHosts */
export function leadToLocalHosts(localHosts) {
  redirectRequests(localHosts);
  redirectFetch(localHosts);
}

/** @param {LocalHosts} localHosts */
function redirectRequests(localHosts) {
  const agent = new http.Agent({ keepAlive: true });
  const direct = https.request;
  /** @param {any[]} given as in Node: a URL, options, or both, and a listener */
  const request = (...given) => {
    const [first, second] = given;
    const isUrl = typeof first === 'string' || first instanceof URL;
    const options = isUrl ? { ...partsOf(new URL(first)), ...(typeof second === 'object' && second) } : first;
    const target = targetOf(options, localHosts);
    if (target === undefined) return Reflect.apply(direct, https, given);
    const { hostname, port } = new URL(`http://${target}`);
    const listener = given.find((argument) => typeof argument === 'function');
    return http.request({ ...options, protocol: 'http:', host: hostname, hostname, port, agent }, listener);
  };
  https.request = request;
  https.get = (...given) => request(...given).end();
  // Without this, modules with named imports would keep the old functions.
  syncBuiltinESMExports();
}

/** @param {LocalHosts} localHosts */
function redirectFetch(localHosts) {
  const direct = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const target = url.protocol === 'https:' ? targetOf(partsOf(url), localHosts) : undefined;
    if (target === undefined) return direct(input, init);
    const local = `http://${target}${url.pathname}${url.search}`;
    return direct(input instanceof Request ? new Request(local, input) : local, init);
  };
}

/** @param {URL} url */
function partsOf({ hostname, port, pathname, search }) {
  return { hostname, port, path: pathname + search };
}

/**
 * @param {{ hostname?: string | null, host?: string | null, port?: string | number | null }} options
 * @param {LocalHosts} localHosts
 */
function targetOf({ hostname, host, port }, localHosts) {
  const name = hostname ?? host ?? '';
  return localHosts[`${name}:${port || TLS_PORT}`];
}
