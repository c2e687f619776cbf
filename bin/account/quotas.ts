/** Quotas of AWS that a stage may need raised, and the command that asks for it. */

export interface QuotaName {
  readonly serviceCode: string;
  readonly quotaCode: string;
}

/** Lambda: concurrent executions. 1,000 by default, 10 in new accounts. */
export const CONCURRENT_EXECUTIONS: QuotaName = { serviceCode: 'lambda', quotaCode: 'L-B99A9384' };

/** API Gateway: requests per second of all APIs. 10,000 by default, 2,500 in some newer regions. */
export const REQUESTS: QuotaName = { serviceCode: 'apigateway', quotaCode: 'L-8A5B8E43' };

/** API Gateway: new WebSocket connections per second. 500 by default. */
export const NEW_CONNECTIONS: QuotaName = { serviceCode: 'apigateway', quotaCode: 'L-9ED1E49A' };

export function raise({ serviceCode, quotaCode }: QuotaName, value: number, region: string): string {
  return `\`aws service-quotas request-service-quota-increase --service-code ${serviceCode} --quota-code ${quotaCode} --desired-value ${value} --region ${region}\``;
}
