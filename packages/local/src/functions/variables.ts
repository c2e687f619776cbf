/** The environment variables of a function: its own, Lambda's, and where the local services are. */

import { accessKeyOf } from '../permissions/caller.ts';
import { LOCAL_CREDENTIALS, REGION } from '../template/account.ts';
import type { FunctionModel } from '../template/function-model.ts';

export interface Endpoints {
  /** `127.0.0.1:8080`; where the APIs of AWS are served here. */
  readonly localHost: string;
  /** URLs of what the template deploys, without a slash at the end, and where that is served here. */
  readonly localUrls: ReadonlyMap<string, string>;
  /** Hosts of APIs, and where they are served without TLS; each with its port. */
  readonly localHosts?: Readonly<Record<string, string>>;
  /** URL of the DynamoDB API. */
  readonly dynamodb: string;
}

/** Variables of the function's own that hold a URL of what is deployed get the local one instead; nothing else is changed. */
export function variablesOf(model: FunctionModel, endpoints: Endpoints): Record<string, string> {
  const own = Object.entries(model.variables).map(([name, value]) => [name, localized(value, endpoints)]);
  return {
    ...Object.fromEntries(own),
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    // They say which function it is, and are never those of the person at the keyboard.
    AWS_ACCESS_KEY_ID: accessKeyOf(model.name),
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    // What is not served here is refused here, instead of being asked of AWS.
    AWS_ENDPOINT_URL: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_LAMBDA: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: `http://${endpoints.localHost}`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** A text with URLs of what is deployed, made into one that leads here. */
export function localized(text: string, { localUrls }: Pick<Endpoints, 'localUrls'>): string {
  return [...localUrls].reduce((result, [deployed, local]) => result.replaceAll(deployed, local), text);
}
