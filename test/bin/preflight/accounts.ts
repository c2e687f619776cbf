/** Accounts as AWS describes them, and a stage to deploy to them. */

import type { AccountAnswers, AccountFacts } from '../../../bin/account/account-facts.ts';
import type { StackFact } from '../../../bin/account/facts/stacks.ts';
import { preflight } from '../../../bin/account/preflight.ts';
import type { StageNeeds } from '../../../bin/account/stage-needs.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT = '111111111111';

export function stack(status: string, outputs: Readonly<Record<string, string>> = {}): StackFact {
  return { status, outputs: new Map(Object.entries(outputs)) };
}

export const toolkit = (version: number) => stack('CREATE_COMPLETE', { BootstrapVersion: String(version) });

/** An account in use, in which `stage` can be deployed. */
const grown: AccountFacts = {
  stacks: new Map([['CDKToolkit', toolkit(6)]]),
  edgeStacks: new Map(),
  resources: [],
  concurrency: { total: 1_000, unreserved: 1_000 },
  functions: new Map(),
  gateway: { throttle: { rateLimit: 10_000, burstLimit: 5_000 } },
  newConnections: 500,
  unprotectedTables: [],
  secrets: [],
  logPolicies: [],
};

function accountWith(facts: Partial<AccountFacts> = {}, region = REGION): AccountAnswers {
  const { stacks, edgeStacks, resources, concurrency, functions, ...rest } = { ...grown, ...facts };
  const { gateway, newConnections, unprotectedTables, secrets, logPolicies } = rest;
  return {
    account: ACCOUNT,
    region,
    answers: {
      stacks: { value: stacks },
      edgeStacks: { value: edgeStacks },
      resources: { value: resources },
      concurrency: { value: concurrency },
      functions: { value: functions },
      gateway: { value: gateway },
      newConnections: { value: newConnections },
      unprotectedTables: { value: unprotectedTables },
      secrets: { value: secrets },
      logPolicies: { value: logPolicies },
    },
  };
}

/** A stage that asks for as little as there is. */
export const stage: StageNeeds = {
  stage: 'prod',
  stackName: 'Fanfare-prod',
  bootstrapVersion: 6,
  reservations: [],
  fixedNames: [],
  keptTables: [],
  setsLogRole: true,
  usesLogRole: true,
  httpAccessLogs: 1,
  makesKey: false,
  hasFunctionUrl: false,
  recursiveFunctions: 0,
  streamReaders: 3,
  share: {
    stackName: 'Fanfare-prod',
    apis: [
      { name: 'WebSocket API', rateLimit: 1_000, burstLimit: 500 },
      { name: 'HTTP API', rateLimit: 100, burstLimit: 50 },
    ],
    postsPerSecond: 900,
    handshakesPerSecond: 200,
    invocationsPerSecond: 1_000,
  },
  neighbours: [],
};

/** The findings about one subject. */
export function found(
  about: string,
  facts: Partial<AccountFacts>,
  needs: Partial<StageNeeds> = {},
  region = REGION,
) {
  return preflight(accountWith(facts, region), { ...stage, ...needs }).filter(
    (finding) => finding.about === about,
  );
}
