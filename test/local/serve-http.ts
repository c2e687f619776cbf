/** Serves an HTTP API, or the URL of one function, for one test, each from the source of its function. */

import { onTestFinished } from 'vitest';
import {
  functionResource,
  functionUrlResource,
  type HttpAuthorizerFixture,
  type HttpRouteFixture,
  httpTemplate,
} from '../fixtures/http-template.ts';
import type { Runtime, RuntimeOptions } from '../runtime.ts';
import { Queue } from './queue.ts';
import { runTemplate, type Sources } from './run-template.ts';

export interface ServedHttp {
  readonly runtime: Runtime;
  /** Where requests go, without a slash at the end. */
  readonly url: string;
  /** What the functions print. */
  readonly output: Queue<string>;
}

/** The source of a route's function, alone or with the other parts of the route. */
export type ServedHttpRoute =
  | string
  | (Omit<HttpRouteFixture, 'code' | 'authorizer'> & {
      readonly source: string;
      readonly authorizer?: Omit<HttpAuthorizerFixture, 'code'> & { readonly source: string };
    });

export interface ServedHttpApi {
  readonly cors?: object;
  readonly stageName?: string;
  readonly more?: object;
  readonly options?: RuntimeOptions;
}

/** A running gateway with these routes, which the end of the test closes. */
export async function serveHttp(
  routes: Readonly<Record<string, ServedHttpRoute>>,
  { more = {}, options = {}, ...api }: ServedHttpApi = {},
): Promise<ServedHttp> {
  const fixtures: Record<string, HttpRouteFixture> = {};
  const sources: Record<string, string> = {};
  for (const [index, [key, route]] of Object.entries(routes).entries()) {
    const { source, authorizer, ...rest } =
      typeof route === 'string' ? { source: route, authorizer: undefined } : route;
    const [code, authorizerCode] = [`route${index}`, `authorizer${index}`];
    sources[code] = source;
    if (authorizer) sources[authorizerCode] = authorizer.source;
    fixtures[key] = {
      ...rest,
      code,
      ...(authorizer && { authorizer: { ...authorizer, code: authorizerCode } }),
    };
  }
  const { runtime, output } = await run(httpTemplate({ ...api, routes: fixtures }, more), sources, options);
  const root = new URL('/', runtime.urls.http).href.slice(0, -1);
  return { runtime, output, url: api.stageName === '$default' ? root : runtime.urls.http };
}

/** The name of the function that `serveUrl` serves. */
export const CALLED = 'Called';

/** A running runtime in which one function has a URL; the end of the test closes it. */
export async function serveUrl(
  source: string,
  properties: object = {},
  fixture: { readonly functionTimeoutSeconds?: number; readonly options?: RuntimeOptions } = {},
): Promise<ServedHttp> {
  const { options = {}, ...rest } = fixture;
  const template = httpTemplate(
    { routes: {} },
    {
      [CALLED]: functionResource({ ...rest, code: 'called' }),
      CalledUrl: functionUrlResource(CALLED, properties),
    },
  );
  const { runtime, output } = await run(template, { called: source }, options);
  return { runtime, output, url: (runtime.urls.functionUrls[CALLED] ?? '').slice(0, -1) };
}

/** The event that a function which returns it has got. */
export async function eventOf(response: Response) {
  return JSON.parse(await response.text());
}

async function run(template: unknown, sources: Sources, options: RuntimeOptions) {
  const output = new Queue<string>();
  const runtime = await runTemplate(template, sources, {
    onOutput: (_functionName, line) => output.put(line),
    ...options,
  });
  onTestFinished(() => runtime.close());
  return { runtime, output };
}
