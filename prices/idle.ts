/** A month of clients that send and receive nothing: what each renewal of their connections costs, and each ping. */

import { MINUTES_A_MONTH } from './load.ts';
import { billOf, totalOf, type Usage } from './usage.ts';

/** What a renewal takes, as the bill meter counts it; `test/prices/idle.test.ts` does it. */
export interface Renewal {
  readonly messages: number;
  readonly invocations: number;
  /** The memory of all these invocations together, in MB. */
  readonly memoryMb: number;
  readonly reads: number;
  readonly writes: number;
  readonly events: number;
}

/** Of a signed-in client without a channel of its own, and of one in a room with presence in which others are. */
export type Place = 'alone' | 'in a room';

export const renewals: Readonly<Record<Place, Readonly<Record<'on' | 'off', Renewal>>>> = {
  alone: {
    on: { messages: 1, invocations: 7, memoryMb: 3_072, reads: 8.5, writes: 6, events: 2 },
    off: { messages: 1, invocations: 3, memoryMb: 1_024, reads: 2.5, writes: 6, events: 0 },
  },
  'in a room': {
    on: { messages: 3, invocations: 12, memoryMb: 9_403, reads: 21, writes: 11, events: 2 },
    off: { messages: 3, invocations: 6, memoryMb: 6_331, reads: 9, writes: 11, events: 0 },
  },
};

/** Assumed, not measured on AWS: how long each of these invocations takes. Seconds. */
const INVOCATION_SECONDS = 0.02;

/** The mean share of its latest time after which a client renews: up to a tenth earlier, at random. */
const MEAN_SHARE = 0.95;

/** The longest age of a connection, and the share of a token's life after which it is renewed (`settings.ts` of the client). Minutes. */
const LONGEST_MINUTES = 110;
const RENEWED_AFTER = 0.9;

export interface Idle {
  readonly connections: number;
  readonly place: Place;
  /** Whether lifecycle events are told. */
  readonly events: 'on' | 'off';
  /** The first silence before a ping, and that after a pong. Minutes. */
  readonly silences: { readonly first: number; readonly next: number };
  /** @default longer than two hours */
  readonly tokenMinutes?: number;
}

/** The mean age at which a connection is replaced. Minutes. */
export function renewedAfter(tokenMinutes = Number.POSITIVE_INFINITY): number {
  return MEAN_SHARE * Math.min(LONGEST_MINUTES, RENEWED_AFTER * tokenMinutes);
}

/** Of one connection. A new one pings after `first`, again after `first`, because the pong came behind the plan, and then after `next`. */
function pingsIn(minutes: number, { first, next }: Idle['silences']): number {
  if (minutes < first) return 0;
  if (minutes < 2 * first) return 1;
  return 2 + Math.floor((minutes - 2 * first) / next);
}

/** Of a month. */
export function idleUsage({ connections, place, events, silences, tokenMinutes }: Idle): Usage {
  const minutes = renewedAfter(tokenMinutes);
  const sessions = (connections * MINUTES_A_MONTH) / minutes;
  const { message = 0, ...renewed } = renewalUsage(renewals[place][events], sessions);
  return {
    ...renewed,
    connectionMinute: connections * MINUTES_A_MONTH,
    message: message + sessions * 2 * pingsIn(minutes, silences),
  };
}

/** What a number of renewals takes. */
export function renewalUsage(each: Renewal, count: number): Usage {
  return {
    message: count * each.messages,
    lambdaRequest: count * each.invocations,
    lambdaTimeArm: count * (each.memoryMb / 1024) * INVOCATION_SECONDS,
    read: count * each.reads,
    write: count * each.writes,
    event: count * each.events,
  };
}

export function idleDollars(idle: Idle): number {
  return totalOf(billOf(idleUsage(idle)));
}

/** As the client was, and as it is. */
export const silencesBefore = { first: 4.5, next: 4.5 } as const;
export const silencesNow = { first: 4.5, next: 9 } as const;
