/** Asks AWS all questions of preflight, each in a request of its own, and changes nothing. */

import { type AwsAnswer, ask, known } from './answer.ts';
import type { AccountClients } from './clients.ts';
import { type Concurrency, readConcurrency, readFunctions } from './facts/functions.ts';
import { type GatewayAccount, readGatewayAccount, readNewConnections } from './facts/gateway.ts';
import { type CallerIdentity, readIdentity } from './facts/identity.ts';
import { type LogPolicy, readLogPolicies } from './facts/log-policies.ts';
import { readSecrets, type SecretFact } from './facts/secrets.ts';
import { readStackResources, readStacks, type StackFact, type StackResource } from './facts/stacks.ts';
import { readUnprotectedTables } from './facts/tables.ts';
import type { StageNeeds } from './stage-needs.ts';

/** The stack that `cdk bootstrap` makes, once for each account and region. */
export const TOOLKIT_STACK = 'CDKToolkit';

export interface AccountFacts {
  /** By name: the stage's stack, those of other stages, and the bootstrap stack. Only those that exist. */
  readonly stacks: ReadonlyMap<string, StackFact>;
  /** The same in the region of the edge. */
  readonly edgeStacks: ReadonlyMap<string, StackFact>;
  /** Of the stage's stack; empty when it does not exist. */
  readonly resources: readonly StackResource[];
  readonly concurrency: Concurrency;
  /** Reserved executions by name, of functions that exist. */
  readonly functions: ReadonlyMap<string, number>;
  readonly gateway: GatewayAccount;
  readonly newConnections: number;
  readonly unprotectedTables: readonly string[];
  readonly secrets: readonly SecretFact[];
  readonly logPolicies: readonly LogPolicy[];
}

export interface AccountAnswers extends CallerIdentity {
  readonly answers: { readonly [Fact in keyof AccountFacts]: AwsAnswer<AccountFacts[Fact]> };
}

/**
 * @param edgeStacks The client of CloudFormation in the region of the edge.
 * @throws CommandLineError when there are no credentials, or no region.
 */
export async function readAccount(
  clients: AccountClients,
  needs: StageNeeds,
  edgeStacks: AccountClients['stacks'],
): Promise<AccountAnswers> {
  const identity = await readIdentity(clients.identity);
  const [resources, ...independent] = await Promise.all([
    ask(
      { subject: `The resources of ${needs.stackName}`, needs: 'cloudformation:ListStackResources' },
      async () => (await readStackResources(clients.stacks, needs.stackName)) ?? [],
    ),
    stacksOf(clients, needs),
    edgeStacksOf(edgeStacks, needs),
    quotasOf(clients),
    ask({ subject: 'The secrets of the stage', needs: 'secretsmanager:ListSecrets' }, () =>
      readSecrets(clients.secrets, needs.stackName),
    ),
    ask({ subject: 'The resource policies of CloudWatch Logs', needs: 'logs:DescribeResourcePolicies' }, () =>
      readLogPolicies(clients.logs),
    ),
  ]);
  const [stacks, edge, quotas, secrets, logPolicies] = independent;
  const owned = await ownedThings(clients, needs, known(resources) ?? []);
  const answers = { resources, stacks, edgeStacks: edge, secrets, logPolicies, ...quotas, ...owned };
  return { ...identity, answers };
}

function stacksOf({ stacks }: AccountClients, { stackName, neighbours }: StageNeeds) {
  const names = [stackName, ...neighbours.map((neighbour) => neighbour.stackName), TOOLKIT_STACK];
  return ask({ subject: 'The stacks of the account', needs: 'cloudformation:DescribeStacks' }, () =>
    readStacks(stacks, names),
  );
}

function edgeStacksOf(client: AccountClients['stacks'], { edge }: StageNeeds) {
  const names = edge ? [edge.stackName, TOOLKIT_STACK] : [];
  return ask(
    { subject: 'The stacks in the region of the edge', needs: 'cloudformation:DescribeStacks' },
    () => readStacks(client, names),
  );
}

async function quotasOf({ functions, gateway, quotas }: AccountClients) {
  const [concurrency, account, newConnections] = await Promise.all([
    ask({ subject: 'The concurrency of the account', needs: 'lambda:GetAccountSettings' }, () =>
      readConcurrency(functions),
    ),
    ask({ subject: 'The log role and the throttle of API Gateway', needs: 'apigateway:GET' }, () =>
      readGatewayAccount(gateway),
    ),
    ask({ subject: 'The quota of new WebSocket connections', needs: 'servicequotas:GetServiceQuota' }, () =>
      readNewConnections(quotas),
    ),
  ]);
  return { concurrency, gateway: account, newConnections };
}

/** The names in the template or in the stack. They are known only after the stack's resources were read. */
async function ownedThings(
  clients: AccountClients,
  { fixedNames, reservations, keptTables }: StageNeeds,
  resources: readonly StackResource[],
) {
  const physicalIds = (logicalIds: readonly string[]) =>
    resources
      .filter(({ logicalId, physicalId }) => logicalIds.includes(logicalId) && physicalId !== '')
      .map(({ physicalId }) => physicalId);
  const named = fixedNames.filter(({ type }) => type === 'AWS::Lambda::Function').map(({ name }) => name);
  const reserving = physicalIds(reservations.map(({ logicalId }) => logicalId));
  const [functions, unprotectedTables] = await Promise.all([
    ask({ subject: 'The functions of the stage', needs: 'lambda:GetFunctionConcurrency' }, () =>
      readFunctions(clients.functions, [...new Set([...named, ...reserving])]),
    ),
    ask({ subject: 'The tables of the stage', needs: 'dynamodb:DescribeTable' }, () =>
      readUnprotectedTables(clients.tables, physicalIds(keptTables)),
    ),
  ]);
  return { functions, unprotectedTables };
}
