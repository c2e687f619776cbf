/** The statements of policies, ready to be matched with requests. */

import { wildcard } from '../languages/wildcard.ts';
import { type Condition, conditionOf } from './condition.ts';

/** An action on a resource that a caller wants to do. */
export interface Need {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** An ARN, or `*` for an action without a resource. */
  readonly resource: string;
  /** Facts for conditions, beyond those of every request. The keys are in lower case. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** A statement of a policy, with all references resolved. */
export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[] | undefined;
  readonly NotAction?: readonly string[] | undefined;
  readonly Resource?: readonly string[] | undefined;
  readonly NotResource?: readonly string[] | undefined;
  readonly Condition?: unknown;
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly coversAction: (action: string) => boolean;
  readonly coversResource: (resource: string) => boolean;
  readonly condition: Condition;
}

type Covers = (text: string) => boolean;

/** Resources are case-sensitive, actions are not. */
export function statementOf(written: PolicyStatement): Statement {
  const { Effect: effect, Action, NotAction, Resource, NotResource, Condition } = written;
  return {
    effect,
    coversAction: coverage(Action, NotAction, 'i'),
    coversResource: coverage(Resource, NotResource),
    condition: conditionOf(Condition),
  };
}

/** A statement has patterns or exceptions. A statement with neither covers nothing. */
function coverage(
  patterns: readonly string[] | undefined,
  exceptions: readonly string[] | undefined,
  flags = '',
): Covers {
  if (patterns) return anyOf(patterns, flags);
  if (!exceptions) return () => false;
  const isException = anyOf(exceptions, flags);
  return (text) => !isException(text);
}

function anyOf(patterns: readonly string[], flags: string): Covers {
  const wildcards = patterns.map((pattern) => wildcard(pattern, flags));
  return (text) => wildcards.some((one) => one.test(text));
}
