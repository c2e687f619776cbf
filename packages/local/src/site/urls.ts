/** The URLs of everything that is served. */

import type { FunctionUrlModel } from '../template/function-url-model.ts';
import type { ApiPlace } from './api-ports.ts';
import { localFunctionUrl, localHost } from './local-urls.ts';
import { PAGES_PATH } from './pages.ts';

interface ApiUrls {
  /** The URL of the first WebSocket API. Empty if the template has none. */
  readonly websocket: string;
  /** The same by HTTP: the management API, and an HTTP API with the same stage. */
  readonly http: string;
  /** The URLs of all APIs, by their logical ids. */
  readonly apis: Readonly<Record<string, string>>;
}

export interface Urls extends ApiUrls {
  /** By the name of the function. With a slash at the end, as on AWS. */
  readonly functionUrls: Readonly<Record<string, string>>;
  /** The pages that the runtime was handed, or its own. */
  readonly console: string;
  readonly dynamodb: string;
  /** The Lambda API with the operation Invoke. */
  readonly lambda: string;
  /** The Secrets Manager API with the operation GetSecretValue. */
  readonly secretsManager: string;
  /** The EventBridge API with the operation PutEvents. */
  readonly eventBridge: string;
}

/** The name of the stage without a path. */
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
