/** Where the URLs of an HTTP API and of functions lead here. */

import { deployedApiHost } from '../template/account.ts';
import type { AppModel } from '../template/app-model.ts';
import { deployedFunctionUrl } from '../template/function-url-model.ts';

/** Without a slash at the end, for a host like `127.0.0.1:8080`. */
export function localFunctionUrl(functionName: string, host: string): string {
  return `http://${host}/lambda-url/${encodeURIComponent(functionName)}`;
}

/** Deployed URL to local URL, both without a slash at the end. */
export function localUrls(
  { httpApi, functionUrls }: Pick<AppModel, 'httpApi' | 'functionUrls'>,
  host: string,
): ReadonlyMap<string, string> {
  const urls = functionUrls.map(
    ({ urlId, functionName }) => [deployedFunctionUrl(urlId), localFunctionUrl(functionName, host)] as const,
  );
  const api = httpApi ? [[`https://${deployedApiHost(httpApi.apiId)}`, `http://${host}`] as const] : [];
  return new Map([...api, ...urls]);
}
