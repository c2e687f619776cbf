/** The answer of AWS to one question, or a sentence that says why there is no answer. */

import { isThrottled, nameOf } from './aws-error.ts';
import type { Permission } from './permissions.ts';

export type AwsAnswer<T> = { readonly value: T } | { readonly unread: string };

export interface Question {
  /** Begins the sentence when there is no answer: `The log role of the account`. */
  readonly subject: string;
  readonly needs: Permission;
}

/** Never throws: if AWS refuses one question, the answers to the others are still useful. */
export async function ask<T>(
  { subject, needs }: Question,
  question: () => Promise<T>,
): Promise<AwsAnswer<T>> {
  try {
    return { value: await question() };
  } catch (error) {
    return { unread: `${subject} could not be read: ${reason(error, needs)}` };
  }
}

/** Undefined when it could not be read; a check of its own reports that. */
export function known<T>(answer: AwsAnswer<T>): T | undefined {
  return 'value' in answer ? answer.value : undefined;
}

const DENIED = /AccessDenied|Unauthorized|NotAuthorized|AuthorizationError/;

function reason(error: unknown, needs: Permission): string {
  const name = nameOf(error);
  if (DENIED.test(name)) return `${name}, needs ${needs}.`;
  if (isThrottled(error)) return `${name}; run it again in a minute.`;
  return `${name}: ${error instanceof Error ? error.message : String(error)}`;
}
