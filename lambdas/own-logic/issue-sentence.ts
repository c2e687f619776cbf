/** The sentence for input that a schema refuses. */

import type { StandardSchemaV1 } from '@standard-schema/spec';

/** Names the place in the data, such as `data.option: Expected string`. */
export function issueSentence(issue: StandardSchemaV1.Issue | undefined): string {
  const keys = issue?.path?.map((part) => String(typeof part === 'object' ? part.key : part)) ?? [];
  return `${['data', ...keys].join('.')}: ${issue?.message || 'it does not match the schema'}`;
}
