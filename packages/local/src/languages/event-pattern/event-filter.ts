/**
 * The filters of event source mappings. Lambda compares in the style of EventBridge, but its own list of operators is
 * shorter: `anything-but` takes a list of values and no `prefix`, and `$or` stands between the fields at the top (LF-1).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */

import { StartError } from '../../start-error.ts';
import {
  anythingButListed,
  type Comparison,
  equalsIgnoreCase,
  numeric,
  prefix,
  suffix,
} from './comparisons.ts';
import type { Language } from './language.ts';
import { type Matches, readPattern } from './read-pattern.ts';

const LAMBDA: Language = {
  name: 'The event filters of Lambda',
  operators: new Map<string, Comparison>([
    ['equals-ignore-case', equalsIgnoreCase],
    ['prefix', prefix],
    ['suffix', suffix],
    ['anything-but', anythingButListed],
    ['numeric', numeric],
  ]),
  or: 'at the top',
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html */
const MAX_FILTER_CHARACTERS = 4096;

/** An account has five. A raised quota allows ten. */
export const MAX_FILTERS = { newAccount: 5, raised: 10 } as const;

/**
 * Reads the filters of a mapping. A record passes if one filter matches, or if there are no filters.
 *
 * @param owner The mapping's name, for the error.
 * @throws StartError that names what Lambda does not document.
 */
export function eventFilters(patterns: readonly string[], owner: string): Matches {
  if (patterns.length > MAX_FILTERS.raised)
    throw new StartError(
      `${owner} has ${patterns.length} filters; Lambda takes ${MAX_FILTERS.newAccount}, with a raised quota ${MAX_FILTERS.raised}.`,
    );
  const filters = patterns.map((pattern) => eventFilter(pattern, owner));
  return filters.length === 0 ? () => true : (record) => filters.some((matches) => matches(record));
}

/**
 * Reads a filter, which is JSON in a text.
 *
 * @throws StartError that names what Lambda does not document.
 */
export function eventFilter(pattern: string, owner: string): Matches {
  if (pattern.length > MAX_FILTER_CHARACTERS)
    throw new StartError(
      `A filter of ${owner} has ${pattern.length} characters; Lambda takes ${MAX_FILTER_CHARACTERS}.`,
    );
  return readPattern(parsed(pattern, owner), owner, LAMBDA);
}

function parsed(pattern: string, owner: string): unknown {
  try {
    return JSON.parse(pattern);
  } catch {
    throw new StartError(`A filter of ${owner} is no JSON.`);
  }
}
