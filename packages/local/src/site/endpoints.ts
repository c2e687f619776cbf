/** Where functions reach what the template deploys. */

import type { Endpoints } from '../functions/variables.ts';
import type { FunctionUrlModel } from '../template/function-url-model.ts';
import type { ApiPlace } from './api-ports.ts';
import { localHost, localUrls } from './local-urls.ts';
import { redirectedHosts } from './redirected-hosts.ts';

/** URLs and hosts of what is deployed, and where each is served on this machine. */
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
