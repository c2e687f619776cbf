/** A stage behind a URL, of which the operator hands over what the facts need: tokens, or the ARN of the secret. */

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { boundedRequests } from './bounded-requests.ts';
import { type Management, managementAt } from './management.ts';
import { NotShown } from './not-shown.ts';
import { PATIENCE } from './patience.ts';
import { putEvents } from './put-events.ts';
import { secretText } from './secret-text.ts';
import type { Stage, Terms } from './stage.ts';
import { socketsAt } from './wire.ts';

export interface StageAtUrl {
  /** `wss://…`, ending in the stage. */
  readonly url: string;
  /** The HTTP API; `undefined` if the operator did not name it. */
  readonly apiUrl: string | undefined;
  /** The ARN of the secret: then requests to AWS have the caller's credentials. Without it there are no such requests. */
  readonly secret: string | undefined;
}

/** @throws the SDK's error when the caller may not read the secret. */
export async function stageAt({ url, apiUrl, secret }: StageAtUrl, terms: Terms): Promise<Stage> {
  const { pathname } = new URL(url);
  return {
    ...terms,
    name: pathname.slice(1),
    url,
    secret:
      secret === undefined ? undefined : await secretText(new SecretsManagerClient(boundedRequests), secret),
    open: socketsAt(url),
    fetch: apiUrl === undefined ? noApi : globalThis.fetch,
    apiUrl: apiUrl ?? 'https://api.invalid',
    fallbackUrl: undefined,
    management: secret === undefined ? noManagement : managementOf(url),
    putEvent: secret === undefined ? notAsked : putEvents(new EventBridgeClient(boundedRequests)),
    runsOfDefault: undefined,
    account: undefined,
    logs: undefined,
    patience: PATIENCE,
  };
}

async function notAsked(): Promise<never> {
  throw new NotShown("AWS is asked only with --secret, with the caller's credentials");
}

async function noApi(): Promise<never> {
  throw new NotShown('the URL of the HTTP API is needed: --api-url');
}

const noManagement: Management = {
  post: notAsked,
  get: notAsked,
  delete: notAsked,
  postWronglySigned: notAsked,
};

/** The host that AWS made for the API answers for its connections, too. A name of one's own does not (MG-1). */
function managementOf(url: string): Management {
  const { host, pathname } = new URL(url);
  return /\.execute-api\.[\w-]+\.amazonaws\.com$/.test(host)
    ? managementAt(`https://${host}${pathname}`)
    : noManagement;
}
