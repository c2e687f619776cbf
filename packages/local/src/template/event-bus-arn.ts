/** The names and ARNs of event buses and their rules. */

import { ACCOUNT, REGION } from './account.ts';

/** The bus that every account has. */
export const DEFAULT_BUS = 'default';

const PREFIX = `arn:aws:events:${REGION}:${ACCOUNT}:`;
const BUS_PREFIX = `${PREFIX}event-bus/`;

export function eventBusArn(name: string): string {
  return BUS_PREFIX + name;
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export function ruleArn(name: string, busName: string = DEFAULT_BUS): string {
  return `${PREFIX}rule/${busName === DEFAULT_BUS ? '' : `${busName}/`}${name}`;
}

/** The name of the bus that a name or an ARN refers to. @default the default bus */
export function busNameOf(reference: string = DEFAULT_BUS): string {
  return reference.startsWith(BUS_PREFIX) ? reference.slice(BUS_PREFIX.length) : reference;
}
