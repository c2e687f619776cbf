/** Where clients find what is served, and developers the rest. */

import type { FunctionUrlModel } from '../template/function-url-model.ts';
import type { ApiPlace } from './api-ports.ts';
import { localFunctionUrl, localHost } from './local-urls.ts';
import { PAGES_PATH } from './pages.ts';

interface ApiUrls {
  /** Clients of the first WebSocket API connect here; empty if there is none. */
  readonly websocket: string;
  /** The plain HTTP side: the management API is below its stage, and beside it an HTTP API with the same stage. */
  readonly http: string;
  /** All of them, by their logical ids. */
  readonly apis: Readonly<Record<string, string>>;
}

export interface Urls extends ApiUrls {
  /** By the name of the function; with a slash at the end, as on AWS. */
  readonly functionUrls: Readonly<Record<string, string>>;
  /** The pages that the runtime was handed, or its own. */
  readonly console: string;
  readonly dynamodb: string;
  /** The API of Lambda, as far as it invokes functions. */
  readonly lambda: string;
  /** The API of Secrets Manager, as far as it tells what a secret is. */
  readonly secretsManager: string;
  /** The API of EventBridge, as far as it takes events. */
  readonly eventBridge: string;
}

/** Of a stage that has no path of its own. */
const ROOT_STAGE = '$default';

export function urlsOf(
  apiPorts: readonly ApiPlace[],
  functionUrls: readonly FunctionUrlModel[],
  dynamodb: string,
): Urls {
  const port = apiPorts[0]?.port ?? 0;
  const services = `http://${localHost(port)}`;
  return {
    ...apiUrls(apiPorts),
    functionUrls: Object.fromEntries(
      functionUrls.map(({ functionName: name }) => [name, `${localFunctionUrl(name, `localhost:${port}`)}/`]),
    ),
    console: `http://localhost:${port}${PAGES_PATH}`,
    dynamodb,
    lambda: services,
    secretsManager: services,
    eventBridge: services,
  };
}

function apiUrls(apiPorts: readonly ApiPlace[]): ApiUrls {
  const [first] = apiPorts;
  const { webSocketApi, httpApi, port = 0 } = first ?? {};
  const stageName = webSocketApi?.stageName ?? httpApi?.stageName ?? ROOT_STAGE;
  return {
    websocket: webSocketApi ? urlOf('ws', port, webSocketApi.stageName) : '',
    http: urlOf('http', port, stageName),
    apis: Object.fromEntries(apiPorts.flatMap(urlsOn)),
  };
}

function urlsOn({ webSocketApi, httpApi, port }: ApiPlace): (readonly [string, string])[] {
  return [
    ...(webSocketApi ? [[webSocketApi.apiId, urlOf('ws', port, webSocketApi.stageName)] as const] : []),
    ...(httpApi ? [[httpApi.apiId, urlOf('http', port, httpApi.stageName)] as const] : []),
  ];
}

function urlOf(scheme: 'ws' | 'http', port: number, stageName: string): string {
  return `${scheme}://localhost:${port}${stageName === ROOT_STAGE ? '' : `/${stageName}`}`;
}
