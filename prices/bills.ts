/** The bills of four workloads, as `docs/benchmarks/load.md` has them: two silent months, a busy hour, and viewers that resume. */

import { broadcastCost } from './broadcast-cost.ts';
import { idleUsage, renewals, renewalUsage, renewedAfter, silencesNow } from './idle.ts';
import { keyWrites, session } from './offers/fanfare.ts';
import { type Bill, billOf, type Usage } from './usage.ts';

export interface BilledWorkload {
  readonly name: string;
  readonly what: string;
  readonly bill: Bill;
}

/** What a viewer reads: 3,000 messages in 13 replies (`docs/http-api.md`). Each reply is almost 128 KB, which is four messages. */
export const resume = { replies: 13, messagesPerReply: 4, reads: 463 } as const;

/** The function `default`. Megabytes. */
const READER_MB = 1_769;

/** Assumed, not measured on AWS: how long a page of 115 KB takes. Seconds. */
const PAGE_SECONDS = 0.05;

const silent = { events: 'off', silences: silencesNow } as const;

export const billedWorkloads = [
  {
    name: '10,000 idle, a month',
    what: 'signed in, without a channel of their own, tokens that live for two hours or more',
    bill: billOf(idleUsage({ ...silent, connections: 10_000, place: 'alone' })),
  },
  {
    name: '100,000 silent in rooms, a month',
    what: 'signed in, in rooms of 50 with presence',
    bill: billOf(idleUsage({ ...silent, connections: 100_000, place: 'in a room' })),
  },
  {
    name: 'a busy hour',
    what: '20,000 in rooms of 50, 40 publishes a second with a key and a history: 2,000 posts a second',
    bill: busyHour(),
  },
  {
    name: '10,000 viewers resume',
    what: 'once, after an outage of five minutes in which their channel got 3,000 messages of 500 bytes',
    bill: billOf(resumed(10_000)),
  },
] as const satisfies readonly BilledWorkload[];

/** Each connection gets a message every ten seconds, so it sends no ping. */
function busyHour(): Bill {
  const [connections, subscribers, publishes] = [20_000, 50, 40 * 3_600];
  const each = broadcastCost(subscribers);
  const renewed = renewalUsage(renewals['in a room'].off, (connections * 60) / renewedAfter());
  const bill = billOf({
    ...renewed,
    connectionMinute: connections * 60,
    message: (renewed.message ?? 0) + publishes * (2 + subscribers),
    read: (renewed.read ?? 0) + publishes * each.reads,
    write: (renewed.write ?? 0) + publishes * (each.writes + keyWrites({ subscribers })),
  });
  return new Map([...bill, ['Lambda', (bill.get('Lambda') ?? 0) + publishes * each.lambdaDollars]]);
}

/** The connection, the subscribe with its reply and the leave are of the session; the reply and the run of the subscribe carry the first page. */
function resumed(viewers: number): Usage {
  const { messages, invocations, memoryMb, reads, writes, events } = session;
  const {
    message = 0,
    lambdaRequest = 0,
    lambdaTimeArm = 0,
    read = 0,
    ...rest
  } = renewalUsage({ messages, invocations, memoryMb, reads, writes, events }, viewers);
  const more = resume.replies - 1;
  return {
    ...rest,
    message: message + viewers * (more + resume.replies * resume.messagesPerReply - 1),
    lambdaRequest: lambdaRequest + viewers * more,
    lambdaTimeArm: lambdaTimeArm + viewers * resume.replies * (READER_MB / 1024) * PAGE_SECONDS,
    read: read + viewers * resume.reads,
  };
}
