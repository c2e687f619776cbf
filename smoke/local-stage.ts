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
import { PATIENCE } from './patience.ts';
import { putEvents } from './put-events.ts';
import { secretText } from './secret-text.ts';
import type { Stage } from './stage.ts';
import { socketsAt } from './wire.ts';

/**
 * The stage behind a URL of this machine.
 *
 * @throws CommandLineError when no local runtime answers there.
 */
export async function localStage(url: string): Promise<Stage> {
  const { host, pathname } = new URL(url);
  const name = pathname.slice(1);
  const root = `http://${host}`;
  const config = { endpoint: root, region: REGION, credentials: LOCAL_CREDENTIALS, ...boundedRequests };
  const secrets = new SecretsManagerClient({ ...config, maxAttempts: 1 });
  const secret = await secretText(secrets, tokenSecretName(stackNameOf(name))).catch((cause: unknown) => {
    throw new CommandLineError(`No local runtime answers at ${url}: start it with npm start.`, { cause });
  });
  return {
    name,
    url,
    secret,
    open: socketsAt(url),
    fetch: globalThis.fetch,
    apiUrl: `${root}/${name}`,
    fallbackUrl: localFunctionUrl(`${stackNameOf(name)}-fallback`, host),
    management: managementAt(`${root}/${name}`, { region: REGION, credentials: LOCAL_CREDENTIALS }),
    putEvent: putEvents(new EventBridgeClient(config)),
    runsOfDefault: () => runsOfDefault(`${root}${BILL_PATH}`),
    account: undefined,
    logs: undefined,
    patience: PATIENCE,
  };
}

const bill = v.object({ lines: v.array(v.object({ name: v.string(), times: v.number() })) });

/** CDK names the function by its id and a hash. */
const RUNS_OF_DEFAULT = /^Lambda requests: default/;

async function runsOfDefault(billUrl: string): Promise<number> {
  const response = await fetch(billUrl);
  const { lines } = v.parse(bill, await response.json());
  return lines.find(({ name }) => RUNS_OF_DEFAULT.test(name))?.times ?? 0;
}
