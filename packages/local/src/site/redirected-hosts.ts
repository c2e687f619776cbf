/** Which hosts functions reach by TLS, though nothing here speaks it. */

import type { ApiPlace } from './api-ports.ts';
import { localHost, localHosts } from './local-urls.ts';

const TLS_PORT = 443;

/** What a client may call this machine, which becomes the `domainName` of events. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** `host:port` as it is asked for, to where it is served. */
export function redirectedHosts(apiPorts: readonly ApiPlace[]): Readonly<Record<string, string>> {
  const deployed = [...localHosts(apiPorts)].map(([host, local]) => [`${host}:${TLS_PORT}`, local] as const);
  const loopback = apiPorts.flatMap(({ port }) =>
    LOOPBACK.map((name) => [`${name}:${port}`, localHost(port)] as const),
  );
  return Object.fromEntries([...deployed, ...loopback]);
}
