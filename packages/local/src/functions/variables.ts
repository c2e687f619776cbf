/** The environment variables of a function: its own, Lambda's, and where the local services are. */

import { accessKeyOf } from '../permissions/caller.ts';
import { LOCAL_CREDENTIALS, REGION } from '../template/account.ts';
import type { FunctionModel } from '../template/function-model.ts';

export interface Endpoints {
  /** The host that serves the APIs of AWS here: `127.0.0.1:8080`. */
  readonly localHost: string;
  /** Deployed URL to local URL, both without a slash at the end. */
  readonly localUrls: ReadonlyMap<string, string>;
  /** Deployed host to local host, which is served without TLS. Both have a port. */
  readonly localHosts?: Readonly<Record<string, string>>;
  /** URL of the DynamoDB API. */
  readonly dynamodb: string;
}

/** The function's own variables, in which deployed URLs are replaced by local ones, and those of Lambda. */
export function variablesOf(model: FunctionModel, endpoints: Endpoints): Record<string, string> {
  const own = Object.entries(model.variables).map(([name, value]) => [name, localized(value, endpoints)]);
  return {
    ...Object.fromEntries(own),
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    // The key tells which function calls. The developer's own credentials are never passed.
    AWS_ACCESS_KEY_ID: accessKeyOf(model.name),
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    // Services that are not served here are refused here, so that no request goes to AWS.
    AWS_ENDPOINT_URL: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_LAMBDA: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: `http://${endpoints.localHost}`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** The text with deployed URLs replaced by local ones. */
export function localized(text: string, { localUrls }: Pick<Endpoints, 'localUrls'>): string {
  return [...localUrls].reduce((result, [deployed, local]) => result.replaceAll(deployed, local), text);
}
