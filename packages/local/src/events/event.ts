/** Events in the form in which EventBridge passes them to targets. */

import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../template/account.ts';

export interface EventFacts {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

export type BusEvent = ReturnType<typeof busEvent>;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export function busEvent({ source, detailType, detail, resources = [], at }: EventFacts) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: ACCOUNT,
    time: wholeSeconds(at),
    region: REGION,
    resources,
    detail,
  };
}

/** `2026-01-31T12:00:00Z` */
export function wholeSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
