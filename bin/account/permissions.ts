/** The IAM actions that preflight asks with: each one only reads (`docs/deploy.md` lists them). */

export const permissions = [
  'apigateway:GET',
  'cloudformation:DescribeStacks',
  'cloudformation:ListStackResources',
  'dynamodb:DescribeTable',
  'lambda:GetAccountSettings',
  'lambda:GetFunctionConcurrency',
  'logs:DescribeResourcePolicies',
  'secretsmanager:ListSecrets',
  'servicequotas:GetAWSDefaultServiceQuota',
  'servicequotas:GetServiceQuota',
  'sts:GetCallerIdentity',
] as const;

export type Permission = (typeof permissions)[number];
