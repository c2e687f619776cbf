/** Serves routes for one test, each from the source of its function. */

import { onTestFinished } from 'vitest';
import {
  type AuthorizerFixture,
  type MockRouteFixture,
  type RouteFixture,
  webSocketTemplate,
} from '../fixtures/web-socket-template.ts';
import type { Runtime, RuntimeOptions } from '../runtime.ts';
import { Queue } from './queue.ts';
import { runTemplate } from './run-template.ts';

/** The source of a route's function, alone or with the other parts of the route. */
export type ServedRoute =
  | string
  | (Omit<RouteFixture, 'code' | 'authorizer'> & {
      readonly source: string;
      readonly authorizer?: ServedAuthorizer;
    })
  | MockRouteFixture;

export type ServedAuthorizer = Omit<AuthorizerFixture, 'code'> & { readonly source: string };

export interface Served {
  readonly runtime: Runtime;
  /** Where clients connect. */
  readonly url: string;
  /** The plain HTTP side of the stage. */
  readonly http: string;
  /** What the functions print. */
  readonly output: Queue<string>;
}

/** A running gateway with these routes and further resources of the template. The end of the test closes it. */
export async function serveRoutes(
  routes: Readonly<Record<string, ServedRoute>>,
  options: RuntimeOptions = {},
  more: object = {},
): Promise<Served> {
  const fixtures: Record<string, RouteFixture | MockRouteFixture> = {};
  const sources: Record<string, string> = {};
  for (const [key, route] of Object.entries(routes)) {
    if (typeof route === 'object' && 'mock' in route) {
      fixtures[key] = route;
      continue;
    }
    const { source, authorizer, ...rest } =
      typeof route === 'string' ? { source: route, authorizer: undefined } : route;
    fixtures[key] = { ...rest, code: key };
    sources[key] = source;
    if (!authorizer) continue;
    const code = `${key} authorizer`;
    fixtures[key] = { ...rest, code: key, authorizer: { ...authorizer, code } };
    sources[code] = authorizer.source;
  }
  const output = new Queue<string>();
  const runtime = await runTemplate(webSocketTemplate(fixtures, more), sources, {
    onOutput: (_functionName, line) => output.put(line),
    ...options,
  });
  onTestFinished(() => runtime.close());
  return { runtime, url: runtime.urls.websocket, http: runtime.urls.http, output };
}
