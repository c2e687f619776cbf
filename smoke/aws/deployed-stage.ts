/** The doors of a deployed stage, as the outputs of its stack name them, with the caller's own credentials. */

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CommandLineError } from '../../bin/command-line.ts';
import { stackOutputs } from '../../bin/stack-outputs.ts';
import { stackNameOf } from '../../lib/settings/stack-name.ts';
import { boundedRequests } from '../bounded-requests.ts';
import { managementAt } from '../management.ts';
import { PATIENCE } from '../patience.ts';
import { putEvents } from '../put-events.ts';
import { secretText } from '../secret-text.ts';
import type { Stage, Terms } from '../stage.ts';
import { socketsAt } from '../wire.ts';
import { accountOf } from './account.ts';
import { logSearch } from './log-search.ts';
import { stackResources } from './stack-resources.ts';

/**
 * @param url The URL of clients if it is not the stack's own: that of the edge, or of a custom domain.
 * @throws CommandLineError for a stage that is not deployed, and the SDK's errors for what the caller may not read.
 */
export async function deployedStage(name: string, url: string | undefined, terms: Terms): Promise<Stage> {
  const cloudFormation = new CloudFormationClient(boundedRequests);
  const outputs = await stackOutputs(name, cloudFormation);
  const output = (key: string): string => {
    const value = outputs.get(key);
    if (value !== undefined) return value;
    throw new CommandLineError(`The stack ${stackNameOf(name)} has no output ${key}: deploy it again.`);
  };
  const { functions, logGroups } = await stackResources(cloudFormation, stackNameOf(name));
  const socketUrl = url ?? output('WebSocketUrl');
  return {
    ...terms,
    name,
    url: socketUrl,
    secret: await secretText(new SecretsManagerClient(boundedRequests), output('TokenSecret')),
    open: socketsAt(socketUrl),
    fetch: globalThis.fetch,
    apiUrl: output('ApiUrl'),
    fallbackUrl: outputs.get('FallbackUrl')?.replace(/\/+$/, ''),
    management: managementAt(output('ManagementUrl')),
    putEvent: putEvents(new EventBridgeClient(boundedRequests)),
    runsOfDefault: undefined,
    account: accountOf(functions),
    logs: logSearch(logGroups),
    patience: PATIENCE,
  };
}
