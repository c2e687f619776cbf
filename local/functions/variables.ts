/** The environment variables of a function: its own, Lambda's, and where the local services are. */

import { REGION } from '../template/account.ts';
import type { FunctionModel } from '../template/app-model.ts';

export interface Endpoints {
  /** Host of the deployed API, which the template's URLs are made of. */
  readonly apiHost: string;
  /** `127.0.0.1:8080`; where the same API is served here, and beside it those of AWS. */
  readonly localHost: string;
  /** Other URLs of what the template deploys, without a slash at the end, and where that is served here. */
  readonly localUrls?: ReadonlyMap<string, string>;
  /** URL of the DynamoDB API. */
  readonly dynamodb: string;
}

/** Variables of the function's own that hold a URL of the API get the local one instead; nothing else is changed. */
export function variablesOf(model: FunctionModel, endpoints: Endpoints): Record<string, string> {
  const own = Object.entries(model.variables).map(([name, value]) => [name, localized(value, endpoints)]);
  return {
    ...Object.fromEntries(own),
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_REGION: REGION,
    // The SDK wants some; they are never checked, and never those of the person at the keyboard.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_LAMBDA: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: `http://${endpoints.localHost}`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function localized(value: string, { apiHost, localHost, localUrls = new Map() }: Endpoints): string {
  return [...localUrls]
    .reduce((text, [deployed, local]) => text.replace(deployed, local), value)
    .replace(`https://${apiHost}`, `http://${localHost}`)
    .replace(`wss://${apiHost}`, `ws://${localHost}`);
}
