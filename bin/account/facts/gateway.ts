/** Reads the quotas and the log role of API Gateway in this region. */

import { type APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { Throttle } from '../../../lib/settings/throttle.ts';
import { nameOf } from '../aws-error.ts';
import { NEW_CONNECTIONS } from '../quotas.ts';

export interface GatewayAccount {
  /** The role that writes the logs of every WebSocket and REST API of the account (LG-2). */
  readonly logRole?: string;
  /** Of all its APIs together, and of the posts to connections (LM-1). */
  readonly throttle?: Throttle;
}

export async function readGatewayAccount(client: APIGatewayClient): Promise<GatewayAccount> {
  const { cloudwatchRoleArn, throttleSettings } = await client.send(new GetAccountCommand({}));
  const { rateLimit, burstLimit } = throttleSettings ?? {};
  return {
    ...(cloudwatchRoleArn && { logRole: cloudwatchRoleArn }),
    ...(rateLimit !== undefined && burstLimit !== undefined && { throttle: { rateLimit, burstLimit } }),
  };
}

/** New WebSocket connections per second, of all APIs together. */
export async function readNewConnections(client: ServiceQuotasClient): Promise<number> {
  const { serviceCode: ServiceCode, quotaCode: QuotaCode } = NEW_CONNECTIONS;
  const quota = { ServiceCode, QuotaCode };
  const { Quota } = await client.send(new GetServiceQuotaCommand(quota)).catch((error: unknown) => {
    // Service Quotas knows the account's value only where it ever differed from the default.
    if (nameOf(error) !== 'NoSuchResourceException') throw error;
    return client.send(new GetAWSDefaultServiceQuotaCommand(quota));
  });
  if (Quota?.Value === undefined) throw new Error('Service Quotas answered without a value.');
  return Quota.Value;
}
