/**
 * Posts one frame to many connections within a time budget: as many at once as pays, at the pace that is accepted, and
 * again where it failed. Whoever could not be reached is named, so that nobody is left behind in silence.
 */

import type { FlowControl } from './flow-control.ts';
import type { Outbound, PostOutcome } from './ports.ts';
import { RetryQueue } from './retry-queue.ts';
import { isExpired } from './session.ts';

export interface PostPorts {
  readonly outbound: Pick<Outbound, 'post'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

export interface PostLimits {
  readonly flow: FlowControl;
  /** No post starts after this. Milliseconds since 1970. */
  readonly deadline: number;
}

/** Everyone who was asked for is in one of the four. */
export interface Posted<Recipient> {
  readonly sent: number;
  /** The platform answered 410. */
  readonly gone: readonly Recipient[];
  /** Its time was over before it could be reached: it may not have the frame any more. */
  readonly expired: readonly Recipient[];
  /** Not reached in time or in so many attempts. */
  readonly unreached: readonly Recipient[];
}

/** A connection that fails this often is given to someone who has more time. */
const ATTEMPTS = 5;

/** The longest wait before the next attempt: doubled each time up to a limit, the actual wait is random (full jitter). */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_600;

interface Attempt<Recipient> {
  readonly recipient: Recipient;
  /** Attempts before this one. */
  readonly failures: number;
}

/** Whom to post to, and until when that is allowed. Seconds since 1970. */
interface Addressee {
  readonly connectionId: string;
  readonly expiresAt: number;
}

export function postAll<Recipient extends Addressee>(
  { outbound, now, pause }: PostPorts,
  recipients: readonly Recipient[],
  frame: Uint8Array,
  { flow, deadline }: PostLimits,
): Promise<Posted<Recipient>> {
  const gone: Recipient[] = [];
  const expired: Recipient[] = [];
  const unreached: Recipient[] = [];
  const again = new RetryQueue<Attempt<Recipient>>();
  let next = 0;
  let inFlight = 0;
  let wakesAt = Number.POSITIVE_INFINITY;
  let unsettled = recipients.length;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  /** Starts what may start now. Whatever then still waits is woken by an outcome or by the clock. */
  function advance(): void {
    const time = now();
    if (time >= deadline) giveUp();
    let wait = 0;
    while (inFlight < flow.inFlight) {
      wait = flow.waitFor(time);
      const attempt = wait > 0 ? undefined : takeNext(time);
      if (!attempt) break;
      if (isExpired(attempt.recipient, time)) {
        expired.push(attempt.recipient);
        settle();
        continue;
      }
      flow.started();
      start(attempt);
    }
    sleep(time, wait);
  }

  /** What is in flight comes back by itself, at the latest when it times out; the clock wakes the rest. */
  function sleep(time: number, wait: number): void {
    if (inFlight >= flow.inFlight) return;
    const at = wait > 0 ? time + wait : again.nextAt;
    if (at !== undefined) wake(time, at);
  }

  function takeNext(time: number): Attempt<Recipient> | undefined {
    const due = again.takeDue(time);
    if (due) return due;
    const recipient = recipients[next];
    if (!recipient) return undefined;
    next += 1;
    return { recipient, failures: 0 };
  }

  function start(attempt: Attempt<Recipient>): void {
    inFlight += 1;
    outbound.post(attempt.recipient.connectionId, frame).then(
      (outcome) => conclude(attempt, outcome),
      () => conclude(attempt, 'failed'),
    );
  }

  function conclude(attempt: Attempt<Recipient>, outcome: PostOutcome): void {
    inFlight -= 1;
    conclusions[outcome](attempt);
    advance();
  }

  const conclusions: Readonly<Record<PostOutcome, (attempt: Attempt<Recipient>) => void>> = {
    sent() {
      flow.accepted(now());
      settle();
    },
    gone({ recipient }) {
      flow.accepted(now());
      gone.push(recipient);
      settle();
    },
    // As often as it takes: a client that reads slowly is not dead (MG-10), and nor is an account at its quota.
    throttled(attempt) {
      flow.throttled(now());
      repeat(attempt);
    },
    failed(attempt) {
      flow.failed(now());
      if (attempt.failures + 1 < ATTEMPTS) {
        repeat(attempt);
        return;
      }
      unreached.push(attempt.recipient);
      settle();
    },
  };

  function repeat({ recipient, failures }: Attempt<Recipient>): void {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    again.put({ recipient, failures: failures + 1 }, now() + longest * Math.random());
  }

  function giveUp(): void {
    const late = [...again.drain().map(({ recipient }) => recipient), ...recipients.slice(next)];
    next = recipients.length;
    unreached.push(...late);
    settle(late.length);
  }

  function settle(count = 1): void {
    unsettled -= count;
    if (unsettled === 0) finish();
  }

  function wake(time: number, at: number): void {
    const wakeAt = Math.min(at, deadline);
    if (wakeAt >= wakesAt) return;
    wakesAt = wakeAt;
    void pause(Math.max(1, wakeAt - time)).then(() => {
      wakesAt = Number.POSITIVE_INFINITY;
      advance();
    });
  }

  if (unsettled > 0) advance();
  else finish();
  return finished.then(() => {
    const sent = recipients.length - gone.length - expired.length - unreached.length;
    return { sent, gone, expired, unreached };
  });
}
