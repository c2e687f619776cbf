/** Reads through the APIs of AWS what an account and region allow a stage, as preflight does. It changes nothing. */

import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { type Concurrency, readConcurrency } from '../../bin/account/facts/functions.ts';
import {
  type GatewayAccount,
  readGatewayAccount,
  readNewConnections,
} from '../../bin/account/facts/gateway.ts';
import { boundedRequests } from '../bounded-requests.ts';

/** An event source mapping, and whether it runs. */
interface Mapping {
  readonly functionName: string;
  /** `Enabled`, `Creating`, `Disabled`… */
  readonly state: string;
}

export interface Account {
  concurrency(): Promise<Concurrency>;
  /** The role with which API Gateway writes logs (LG-2), and the throttle of all its APIs together (LM-1). */
  gateway(): Promise<GatewayAccount>;
  /** New WebSocket connections per second, of all APIs together. */
  newConnections(): Promise<number>;
  mappings(): Promise<readonly Mapping[]>;
}

/** @param functionNames of the stage. */
export function accountOf(functionNames: readonly string[]): Account {
  const lambda = new LambdaClient(boundedRequests);
  const gateway = new APIGatewayClient(boundedRequests);
  const quotas = new ServiceQuotasClient(boundedRequests);
  return {
    concurrency: () => readConcurrency(lambda),
    gateway: () => readGatewayAccount(gateway),
    newConnections: () => readNewConnections(quotas),
    async mappings() {
      const found: Mapping[] = [];
      for (const functionName of functionNames) found.push(...(await mappingsOf(lambda, functionName)));
      return found;
    },
  };
}

async function mappingsOf(lambda: LambdaClient, functionName: string): Promise<Mapping[]> {
  const command = new ListEventSourceMappingsCommand({ FunctionName: functionName });
  const { EventSourceMappings = [] } = await lambda.send(command);
  return EventSourceMappings.map(({ State = 'unknown' }) => ({ functionName, state: State }));
}
