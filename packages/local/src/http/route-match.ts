/**
 * Which route of an HTTP API a request takes: the most specific one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */

import type { RouteKey, RoutePattern, Segment } from '../template/http-route-key.ts';
import { decodeSegment } from '../web/path-segment.ts';

export interface RouteMatch<Route> {
  readonly route: Route;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** @param path Percent-encoded and without the stage: `/channels/a%2Fb`. */
export function matchRoute<Route extends { readonly key: RouteKey }>(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch<Route> | undefined {
  const segments = path.slice(1).split('/');
  const [best] = routes
    .flatMap((route) => candidate(route, method, segments) ?? [])
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
  return best && { route: best.route, pathParameters: best.pathParameters };
}

interface Candidate<Route> extends RouteMatch<Route> {
  /** A rank that sorts before the ranks of less specific routes. */
  readonly rank: string;
}

function candidate<Route extends { readonly key: RouteKey }>(
  route: Route,
  method: string,
  path: readonly string[],
): Candidate<Route> | undefined {
  const { pattern } = route.key;
  if (!pattern) return { route, pathParameters: {}, rank: LAST };
  if (pattern.method !== 'ANY' && pattern.method !== method) return undefined;
  const pathParameters = parametersOf(pattern.segments, path);
  return pathParameters && { route, pathParameters, rank: rankOf(pattern) };
}

/** The rank of `$default`, the last one. */
const LAST = '3';

const KIND_RANKS: Readonly<Record<Segment['kind'], string>> = { literal: '0', variable: '1', greedy: '2' };

/**
 * A full match comes before a greedy one, as AWS documents. The rest is a choice of this emulator: from left to right a literal comes
 * before a variable, and a named method comes before `ANY`.
 */
function rankOf({ method, segments }: RoutePattern): string {
  const tier = segments.some(({ kind }) => kind === 'greedy') ? '2' : '1';
  const kinds = segments.map(({ kind }) => KIND_RANKS[kind]).join('');
  return `${tier} ${kinds} ${method === 'ANY' ? '1' : '0'}`;
}

/** A variable never matches an empty segment, and a greedy one matches at least one segment. */
function parametersOf(
  pattern: readonly Segment[],
  path: readonly string[],
): Record<string, string> | undefined {
  const isGreedy = pattern.at(-1)?.kind === 'greedy';
  if (isGreedy ? path.length < pattern.length : path.length !== pattern.length) return undefined;
  const pairs: [name: string, value: string][] = [];
  for (const [at, segment] of pattern.entries()) {
    const value = (segment.kind === 'greedy' ? path.slice(at) : path.slice(at, at + 1))
      .map(decodeSegment)
      .join('/');
    if (segment.kind === 'literal' ? segment.text !== value : value === '') return undefined;
    if (segment.kind !== 'literal') pairs.push([segment.name, value]);
  }
  return Object.fromEntries(pairs);
}
