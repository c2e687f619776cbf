/** The stage of a local runtime. All of its doors have the host of its WebSocket URL. */

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { BILL_PATH, LOCAL_CREDENTIALS, localFunctionUrl, REGION } from 'fanfare-local';
import * as v from 'valibot';
import { CommandLineError } from '../bin/command-line.ts';
import { tokenSecretName } from '../lambdas/identity/own-token.ts';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { boundedRequests } from './bounded-requests.ts';
import { managementAt } from './management.ts';
import { LOCAL_PATIENCE } from './patience.ts';
import { putEvents } from './put-events.ts';
import { secretText } from './secret-text.ts';
import type { Stage, Terms } from './stage.ts';
import { socketsAt } from './wire.ts';

/**
 * The stage behind a URL of this machine.
 *
 * @throws CommandLineError when no local runtime answers there.
 */
export async function localStage(url: string, terms: Terms): Promise<Stage> {
  const { host, pathname } = new URL(url);
  const name = pathname.slice(1);
  const root = `http://${host}`;
  const config = { endpoint: root, region: REGION, credentials: LOCAL_CREDENTIALS, ...boundedRequests };
  const secrets = new SecretsManagerClient({ ...config, maxAttempts: 1 });
  const uniqueName = await uniqueNameAt(secrets, name, url);
  const fallbackUrl = localFunctionUrl(`${uniqueName}-fallback`, host);
  return {
    ...terms,
    name,
    url,
    secret: await secretText(secrets, tokenSecretName(uniqueName)),
    open: socketsAt(url),
    fetch: globalThis.fetch,
    apiUrl: `${root}/${name}`,
    fallbackUrl: (await isServed(fallbackUrl)) ? fallbackUrl : undefined,
    management: managementAt(`${root}/${name}`, { region: REGION, credentials: LOCAL_CREDENTIALS }),
    putEvent: putEvents(new EventBridgeClient(config)),
    runsOfDefault: () => runsOfDefault(`${root}${BILL_PATH}`),
    account: undefined,
    logs: undefined,
    patience: LOCAL_PATIENCE,
  };
}

/** Without a fallback there is no function at this URL. A poll without a session opens none: a stream would count for its address. */
async function isServed(fallbackUrl: string): Promise<boolean> {
  const { status } = await fetch(`${fallbackUrl}/poll`);
  return status !== 404;
}

/**
 * The stage of this repository has a stack that is named after it. In an app, fixed names begin with the name of the stage.
 *
 * @throws CommandLineError
 */
async function uniqueNameAt(secrets: SecretsManagerClient, stage: string, url: string): Promise<string> {
  const causes: unknown[] = [];
  for (const uniqueName of [stackNameOf(stage), stage]) {
    const found = await secretText(secrets, tokenSecretName(uniqueName)).then(
      () => true,
      (cause: unknown) => void causes.push(cause),
    );
    if (found) return uniqueName;
  }
  throw new CommandLineError(
    `No local runtime answers at ${url}: start it, and name the URL that it prints.`,
    {
      cause: causes[0],
    },
  );
}

const bill = v.object({ lines: v.array(v.object({ name: v.string(), times: v.number() })) });

/** CDK names the function by the path of its construct and a hash. */
const RUNS_OF_DEFAULT = /^Lambda requests: \w*default/;

async function runsOfDefault(billUrl: string): Promise<number> {
  const response = await fetch(billUrl);
  const { lines } = v.parse(bill, await response.json());
  const counts = lines.filter(({ name }) => RUNS_OF_DEFAULT.test(name)).map(({ times }) => times);
  return counts.reduce((sum, times) => sum + times, 0);
}
