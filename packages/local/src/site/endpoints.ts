/** The local endpoints of everything that the template deploys. */

import type { Endpoints } from '../functions/variables.ts';
import type { FunctionUrlModel } from '../template/function-url-model.ts';
import type { ApiPlace } from './api-ports.ts';
import { localHost, localUrls } from './local-urls.ts';
import { redirectedHosts } from './redirected-hosts.ts';

/** Deployed URLs and hosts with their local ones. */
export function endpointsOf(
  apiPorts: readonly ApiPlace[],
  functionUrls: readonly FunctionUrlModel[],
  dynamodb: string,
): Endpoints {
  const host = localHost(apiPorts[0]?.port ?? 0);
  return {
    localHost: host,
    localUrls: localUrls(apiPorts, functionUrls, host),
    localHosts: redirectedHosts(apiPorts),
    dynamodb,
  };
}
