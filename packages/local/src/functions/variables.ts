/** The environment variables of a function: its own, Lambda's, and where the local services are. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
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

/**
 * The function's own variables, in which deployed URLs are replaced by local ones, and those of Lambda.
 *
 * @param folder where its code is
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function variablesOf(
  model: FunctionModel,
  folder: string,
  endpoints: Endpoints,
): Record<string, string> {
  const own = Object.entries(model.variables).map(([name, value]) => [name, localized(value, endpoints)]);
  return {
    ...Object.fromEntries(own),
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(model.name),
    AWS_LAMBDA_LOG_STREAM_NAME: LOG_STREAM,
    AWS_EXECUTION_ENV: `AWS_Lambda_${model.runtime}`,
    LAMBDA_TASK_ROOT: path.resolve(folder),
    LAMBDA_RUNTIME_DIR: RUNTIME_FOLDER,
    _HANDLER: model.handler,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    // Lambda has its own programs there. Here they are those of this machine.
    PATH: process.env['PATH'] ?? '',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    // The key tells which function calls. The developer's own credentials are never passed.
    AWS_ACCESS_KEY_ID: accessKeyOf(model.name),
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: 'local',
    // Services that are not served here are refused here, so that no request goes to AWS.
    AWS_ENDPOINT_URL: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_LAMBDA: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://${endpoints.localHost}`,
    AWS_ENDPOINT_URL_EVENTBRIDGE: `http://${endpoints.localHost}`,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

export function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Lambda makes one for each environment, of its date, its version and a random part. */
export const LOG_STREAM = '2026/01/01/[$LATEST]00000000000000000000000000000000';

const RUNTIME_FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The text with deployed URLs replaced by local ones. */
export function localized(text: string, { localUrls }: Pick<Endpoints, 'localUrls'>): string {
  return [...localUrls].reduce((result, [deployed, local]) => result.replaceAll(deployed, local), text);
}
