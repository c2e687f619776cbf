/** An operation of the HTTP API as a request. */

import { operations } from 'fanfare-protocol/operations';
import type { OperationName } from 'fanfare-protocol/server-operations';
import { failure, jsonText } from './failure.ts';

/** What `fetch` gets. */
export interface HttpRequest {
  readonly url: string;
  readonly init: { method: string; headers: Record<string, string>; body?: string };
}

/** @throws FanfareError `bad-request` for what is not JSON, such as `NaN`. */
export function httpRequest(base: string, token: string, name: OperationName, request: object): HttpRequest {
  const { method, path } = operations[name];
  const given = new Map(Object.entries(request).filter(([, value]) => value !== undefined));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, parameter) => {
    const value = encodeURIComponent(String(given.get(parameter)));
    given.delete(parameter);
    return value;
  });
  const authorization = { Authorization: `Bearer ${token}` };
  if (method === 'POST') {
    const headers = { ...authorization, 'Content-Type': 'application/json' };
    return { url: `${base}${filled}`, init: { method, headers, body: jsonText(request) } };
  }
  const query = new URLSearchParams();
  for (const [parameter, value] of given) query.set(parameter, String(value));
  const url = `${base}${filled}${query.size === 0 ? '' : `?${query}`}`;
  return { url, init: { method, headers: authorization } };
}

/** @throws FanfareError `bad-request` if it is not the URL of an HTTP API. */
export function baseUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw failure(
    'bad-request',
    'FanfareServer: the URL begins with https://. Pass the output ApiUrl of the stack, not the one for WebSockets.',
  );
}
