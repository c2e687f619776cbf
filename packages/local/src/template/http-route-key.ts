/** The keys of an HTTP API's routes: `GET /channels/{channel}`, `ANY /{proxy+}`, `$default`. */

import { StartError } from '../start-error.ts';

export interface RouteKey {
  /** The text in the template and in events. */
  readonly text: string;
  /** `undefined` for `$default`, which takes all requests without another route. */
  readonly pattern: RoutePattern | undefined;
}

export interface RoutePattern {
  /** `ANY` matches every method. */
  readonly method: string;
  readonly segments: readonly Segment[];
}

/** A `greedy` segment is always the last one and takes the rest of the path. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string };

const KEY = /^(?<method>ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/(?<path>\S*)$/;
const VARIABLE = /^\{(?<name>[^{}+]+)(?<greedy>\+)?\}$/;

/**
 * @throws StartError that names an invalid key.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function routeKey(text: string): RouteKey {
  if (text === '$default') return { text, pattern: undefined };
  const { method, path } = KEY.exec(text)?.groups ?? {};
  if (method === undefined || path === undefined) throw new StartError(`${text} is no key of a route.`);
  const segments = path.split('/').map(segment);
  if (segments.slice(0, -1).some(({ kind }) => kind === 'greedy'))
    throw new StartError(`A greedy variable has to be the last of its path, unlike that of ${text}.`);
  return { text, pattern: { method, segments } };
}

function segment(text: string): Segment {
  const { name, greedy } = VARIABLE.exec(text)?.groups ?? {};
  if (name === undefined) return { kind: 'literal', text };
  return { kind: greedy === undefined ? 'variable' : 'greedy', name };
}
