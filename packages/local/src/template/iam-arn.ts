/** The ARNs of roles and of the policies that a template makes. */

import { ACCOUNT } from './account.ts';

export function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

export function managedPolicyArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:policy/${name}`;
}
