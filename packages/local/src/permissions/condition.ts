/**
 * Evaluates the conditions of statements that the runtime knows.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

import * as v from 'valibot';
import { wildcard } from '../languages/wildcard.ts';
import { ACCOUNT, REGION } from '../template/account.ts';

/** The keys are in lower case, because condition keys are case-insensitive. */
type RequestContext = Readonly<Record<string, readonly string[]>>;

export interface Condition {
  /** The unknown operators and keys. A condition with an unknown part is never met. */
  readonly unknown: readonly string[];
  readonly isMet: (context: RequestContext) => boolean;
}

/** The facts of every request. On AWS a request comes by TLS. */
const common: RequestContext = {
  'aws:principalaccount': [ACCOUNT],
  'aws:requestedregion': [REGION],
  'aws:securetransport': ['true'],
};

/** All keys that a request may have. */
const KNOWN_KEYS = new Set([...Object.keys(common), 'events:source', 'events:detail-type']);

const texts = v.pipe(
  v.union([v.string(), v.boolean(), v.number(), v.array(v.union([v.string(), v.boolean(), v.number()]))]),
  v.transform((value) => [value].flat().map(String)),
);

const written = v.record(v.string(), v.record(v.string(), texts));

/** Whether one value of the request matches the values of the policy. */
type Compare = (value: string, wanted: readonly string[]) => boolean;

const isEqual: Compare = (value, wanted) => wanted.includes(value);
const isLike: Compare = (value, wanted) => wanted.some((pattern) => wildcard(pattern).test(value));
const isEqualInAnyCase: Compare = (value, wanted) =>
  wanted.some((text) => text.toLowerCase() === value.toLowerCase());
const not =
  (compare: Compare): Compare =>
  (value, wanted) =>
    !compare(value, wanted);

/** `isMissingMet`: a negative operator is met if the request does not have the key. */
const operators = new Map<string, { readonly compare: Compare; readonly isMissingMet: boolean }>([
  ['StringEquals', { compare: isEqual, isMissingMet: false }],
  ['StringNotEquals', { compare: not(isEqual), isMissingMet: true }],
  ['StringEqualsIgnoreCase', { compare: isEqualInAnyCase, isMissingMet: false }],
  ['StringLike', { compare: isLike, isMissingMet: false }],
  ['StringNotLike', { compare: not(isLike), isMissingMet: true }],
  ['Bool', { compare: isEqualInAnyCase, isMissingMet: false }],
]);

const OPERATOR = /^(?<every>ForAllValues:)?(?:ForAnyValue:)?(?<name>[A-Za-z]+?)(?<ifExists>IfExists)?$/;

type Clause = (context: RequestContext) => boolean;

/** @param value The `Condition` of a statement. Without one, the condition is always met. */
export function conditionOf(value: unknown): Condition {
  if (value === undefined) return { unknown: [], isMet: () => true };
  const { success, output } = v.safeParse(written, value);
  if (!success) return neverMet(['a malformed condition']);
  const clauses = Object.entries(output).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => clauseOf(operator, key, wanted)),
  );
  const unknown = clauses.filter((clause) => typeof clause === 'string');
  if (unknown.length > 0) return neverMet(unknown);
  const known = clauses.filter((clause) => typeof clause !== 'string');
  return {
    unknown: [],
    isMet: (context) => known.every((holds) => holds({ ...common, ...context })),
  };
}

function neverMet(unknown: readonly string[]): Condition {
  return { unknown, isMet: () => false };
}

/** Returns a text if the clause is unknown. */
function clauseOf(operator: string, key: string, wanted: readonly string[]): Clause | string {
  const { every, name = '', ifExists } = OPERATOR.exec(operator)?.groups ?? {};
  const known = operators.get(name);
  const lowerKey = key.toLowerCase();
  if (!known || !KNOWN_KEYS.has(lowerKey)) return `${operator} ${key}`;
  const { compare, isMissingMet } = known;
  return (context) => {
    const values = context[lowerKey] ?? [];
    if (values.length === 0) return isMissingMet || ifExists !== undefined || every !== undefined;
    const holds = (value: string) => compare(value, wanted);
    return every === undefined ? values.some(holds) : values.every(holds);
  };
}
