/** The hosts that functions ask for by TLS, which the runtime does not speak. */

import type { ApiPlace } from './api-ports.ts';
import { localHost, localHosts } from './local-urls.ts';

const TLS_PORT = 443;

/** The names of this machine that a client may use. They become the `domainName` of events. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Requested `host:port` to local `host:port`. */
export function redirectedHosts(apiPorts: readonly ApiPlace[]): Readonly<Record<string, string>> {
  const deployed = [...localHosts(apiPorts)].map(([host, local]) => [`${host}:${TLS_PORT}`, local] as const);
  const loopback = apiPorts.flatMap(({ port }) =>
    LOOPBACK.map((name) => [`${name}:${port}`, localHost(port)] as const),
  );
  return Object.fromEntries([...deployed, ...loopback]);
}
