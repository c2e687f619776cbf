/**
 * Cross-origin requests, as the configuration of an API or a function URL allows them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */

import type { CorsConfiguration } from '../template/resources.ts';
import type { HttpReply } from './http-reply.ts';
import type { RequestFacts } from './request-facts.ts';

/** Whether the request is a browser's preflight. */
export function isPreflight({ method, headers }: RequestFacts): boolean {
  return (
    method === 'OPTIONS' &&
    headers['origin'] !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** The answer to a preflight. It has no CORS headers if the origin is not allowed. */
export function preflightReply(
  cors: CorsConfiguration,
  { headers }: RequestFacts,
  status: number,
): HttpReply {
  const origin = originHeaders(cors, headers['origin']);
  const { AllowMethods, AllowHeaders, MaxAge } = cors;
  return {
    status,
    headers: {
      ...origin,
      ...(origin && AllowMethods.length > 0 && { 'access-control-allow-methods': AllowMethods.join(',') }),
      ...(origin && AllowHeaders.length > 0 && { 'access-control-allow-headers': AllowHeaders.join(',') }),
      ...(origin && MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
    },
    cookies: [],
    body: Buffer.alloc(0),
  };
}

/** If CORS is configured, its headers replace those of the function. */
export function withCors<Reply extends Pick<HttpReply, 'headers'>>(
  reply: Reply,
  cors: CorsConfiguration | undefined,
  { headers }: RequestFacts,
): Reply {
  if (!cors) return reply;
  const own = Object.entries(reply.headers).filter(([name]) => !name.startsWith('access-control-'));
  const origin = originHeaders(cors, headers['origin']);
  const exposed = cors.ExposeHeaders.join(',');
  return {
    ...reply,
    headers: {
      ...Object.fromEntries(own),
      ...origin,
      ...(origin && exposed !== '' && { 'access-control-expose-headers': exposed }),
    },
  };
}

/** Whether the configuration lets pages of an origin read. A page without an origin passes only if all origins pass. */
export function allowsOrigin(cors: CorsConfiguration | undefined, origin: string | undefined): boolean {
  if (!cors) return false;
  if (origin === undefined) return cors.AllowOrigins.includes('*');
  return cors.AllowOrigins.some((allowed) => covers(allowed, origin));
}

function originHeaders(
  cors: CorsConfiguration,
  origin: string | undefined,
): Record<string, string> | undefined {
  if (origin === undefined || !allowsOrigin(cors, origin)) return undefined;
  const { AllowOrigins, AllowCredentials } = cors;
  return {
    'access-control-allow-origin': AllowOrigins.includes('*') ? '*' : origin,
    ...(AllowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** The configuration may name origins, `*`, `https://*` and `http://*`. */
function covers(allowed: string, origin: string): boolean {
  const schemes = ['https://', 'http://'];
  if (allowed === '*' || allowed.toLowerCase() === origin.toLowerCase()) return true;
  return schemes.some((scheme) => allowed === `${scheme}*` && origin.startsWith(scheme));
}
