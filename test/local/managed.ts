/** Requests to the management API, signed as a developer would sign them. */

import { signed } from './signed-fetch.ts';

export interface ManagedRequest {
  readonly method?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export async function managed(url: string | URL, request: ManagedRequest = {}): Promise<Response> {
  return fetch(url, await signed(String(url), request, { service: 'execute-api' }));
}
