/** The local URLs of APIs and functions. */

import { deployedApiHost } from '../template/account.ts';
import { deployedFunctionUrl, type FunctionUrlModel } from '../template/function-url-model.ts';
import type { ApiPlace } from './api-ports.ts';

/** The IPv4 loopback address, because `localhost` may resolve to IPv6 first. */
export function localHost(port: number): string {
  return `127.0.0.1:${port}`;
}

/** Without a slash at the end. @param host A host with its port: `127.0.0.1:8080`. */
export function localFunctionUrl(functionName: string, host: string): string {
  return `http://${host}/lambda-url/${encodeURIComponent(functionName)}`;
}

/**
 * Deployed URL to local URL, both without a slash at the end.
 *
 * @param host The host that serves function URLs.
 */
export function localUrls(
  apiPorts: readonly ApiPlace[],
  functionUrls: readonly FunctionUrlModel[],
  host: string,
): ReadonlyMap<string, string> {
  const urls = functionUrls.map(
    ({ urlId, functionName }) => [deployedFunctionUrl(urlId), localFunctionUrl(functionName, host)] as const,
  );
  const apis = [...localHosts(apiPorts)].flatMap(([deployed, local]) => [
    [`https://${deployed}`, `http://${local}`] as const,
    [`wss://${deployed}`, `ws://${local}`] as const,
  ]);
  return new Map([...apis, ...urls]);
}

/** Deployed host of an API to local host. */
export function localHosts(apiPorts: readonly ApiPlace[]): ReadonlyMap<string, string> {
  return new Map(
    apiPorts.flatMap(({ webSocketApi, httpApi, port }) =>
      [webSocketApi, httpApi].flatMap((api) =>
        api ? [[deployedApiHost(api.apiId), localHost(port)] as const] : [],
      ),
    ),
  );
}
