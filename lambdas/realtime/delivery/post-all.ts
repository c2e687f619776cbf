/**
 * Posts one frame to many connections within a time budget: in parallel, at the pace that the platform accepts, with
 * repetitions of failed posts. The result names every connection that could not be reached, so that none is lost silently.
 */

import { isExpired } from '../access/session.ts';
import type { Outbound, PostOutcome, Refusal } from '../connections/outbound.ts';
import { refusalIn } from '../platform-refusal.ts';
import type { FlowControl } from './flow-control.ts';
import { type Posted, PostTally } from './post-tally.ts';
import { RetryQueue } from './retry-queue.ts';

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
  /** From then on, no post is repeated, and none waits for the quota. The deadline without. Milliseconds since 1970. */
  readonly patience?: number;
  /** From then on, none waits for the quota, while others are still repeated. The patience without. Milliseconds since 1970. */
  readonly quotaPatience?: number;
}

/** A connection that fails this often is handed to a worker, which has more time. */
const ATTEMPTS = 5;

/** With a patience: if no post was accepted for this long and the account is over its quota, the rest would be refused as well. */
const HOPELESS_MS = 100;

/** The longest wait before the next attempt: doubled each time up to a limit, the actual wait is random (full jitter). */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_600;

interface Attempt<Recipient> {
  readonly recipient: Recipient;
  /** Attempts before this one. */
  readonly failures: number;
  /** Whether the last attempt was answered with 429. */
  readonly isThrottled: boolean;
}

/** A recipient, and the end of its rights. Seconds since 1970. */
interface Addressee {
  readonly connectionId: string;
  readonly expiresAt: number;
}

export function postAll<Recipient extends Addressee>(
  ports: PostPorts,
  recipients: readonly Recipient[],
  frame: Uint8Array,
  limits: PostLimits,
): Promise<Posted<Recipient>> {
  return new Posting(ports, recipients, frame, limits).run();
}

class Posting<Recipient extends Addressee> {
  private readonly ports: PostPorts;
  private readonly recipients: readonly Recipient[];
  private readonly frame: Uint8Array;
  private readonly limits: PostLimits;
  private readonly tally = new PostTally<Recipient>();
  private readonly again = new RetryQueue<Attempt<Recipient>>();
  private next = 0;
  private inFlight = 0;
  private wakesAt = Number.POSITIVE_INFINITY;
  private unsettled: number;
  private readonly startedAt: number;
  private finish: () => void = () => {};

  constructor(ports: PostPorts, recipients: readonly Recipient[], frame: Uint8Array, limits: PostLimits) {
    this.ports = ports;
    this.recipients = recipients;
    this.frame = frame;
    this.limits = limits;
    this.unsettled = recipients.length;
    this.startedAt = ports.now();
  }

  async run(): Promise<Posted<Recipient>> {
    if (this.unsettled > 0) {
      await new Promise<void>((resolve) => {
        this.finish = resolve;
        this.advance();
      });
    }
    const isOverQuota = this.limits.flow.isOverQuota(this.ports.now());
    return { ...this.tally.posted(this.recipients.length), isOverQuota };
  }

  /** Starts every post that may start now. An outcome or the clock wakes the posts that still wait. */
  private advance(): void {
    const { flow, deadline } = this.limits;
    const time = this.ports.now();
    if (time >= deadline || this.isImpatient(time) || this.tally.isWall) this.giveUp(time);
    let wait = 0;
    while (this.inFlight < flow.inFlight) {
      wait = flow.waitFor(time);
      const attempt = wait > 0 ? undefined : this.takeNext(time);
      if (!attempt) break;
      if (isExpired(attempt.recipient, time)) {
        this.tally.expired.push(attempt.recipient);
        this.settle();
        continue;
      }
      flow.started();
      this.start(attempt);
    }
    this.sleep(time, wait);
  }

  /** Posts in flight end by themselves, at the latest by their timeout. The clock wakes the others. */
  private sleep(time: number, wait: number): void {
    if (this.inFlight >= this.limits.flow.inFlight) return;
    const at = wait > 0 ? time + wait : this.again.nextAt;
    if (at !== undefined) this.wake(time, at);
  }

  private takeNext(time: number): Attempt<Recipient> | undefined {
    const due = this.again.takeDue(time);
    if (due) return due;
    const recipient = this.recipients[this.next];
    if (!recipient) return undefined;
    this.next += 1;
    return { recipient, failures: 0, isThrottled: false };
  }

  private start(attempt: Attempt<Recipient>): void {
    this.inFlight += 1;
    this.ports.outbound.post(attempt.recipient.connectionId, this.frame).then(
      (outcome) => this.conclude(attempt, outcome),
      (error: unknown) => this.conclude(attempt, outcomeOf(error)),
    );
  }

  private conclude(attempt: Attempt<Recipient>, outcome: PostOutcome): void {
    this.inFlight -= 1;
    if (typeof outcome === 'string') this.conclusions[outcome](attempt, this.ports.now());
    else this.refused(attempt, outcome);
    this.advance();
  }

  private readonly conclusions: Readonly<
    Record<Exclude<PostOutcome, Refusal>, (attempt: Attempt<Recipient>, now: number) => void>
  > = {
    sent: (_attempt, now) => {
      this.limits.flow.accepted(now);
      this.tally.accept();
      this.settle();
    },
    gone: ({ recipient }, now) => {
      this.limits.flow.accepted(now);
      this.tally.accept();
      this.tally.gone.push(recipient);
      this.settle();
    },
    // Repeated until the deadline: a client that reads slowly is alive (MG-10), and an account at its quota recovers.
    throttled: (attempt, now) => {
      this.limits.flow.throttled(now, attempt.failures === 0);
      this.repeat(attempt, true);
    },
    failed: (attempt, now) => {
      this.limits.flow.failed(now);
      if (attempt.failures + 1 < ATTEMPTS) {
        this.repeat(attempt, false);
        return;
      }
      this.tally.giveUp([attempt.recipient]);
      this.settle();
    },
  };

  /** Not repeated: the same post would be refused again. */
  private refused({ recipient }: Attempt<Recipient>, refusal: Refusal): void {
    this.limits.flow.refused(this.ports.now());
    this.tally.refuse(recipient, refusal);
    this.settle();
  }

  private repeat({ recipient, failures }: Attempt<Recipient>, isThrottled: boolean): void {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    const attempt = { recipient, failures: failures + 1, isThrottled };
    const now = this.ports.now();
    const at = now + longest * Math.random();
    if (at < this.patience) this.again.put(attempt, at);
    else this.leave([attempt], now);
  }

  private isImpatient(time: number): boolean {
    const { flow, patience, quotaPatience = patience } = this.limits;
    if (quotaPatience === undefined || !flow.isOverQuota(time)) return false;
    const isHopeless = flow.acceptedCount === 0 && time >= this.startedAt + HOPELESS_MS;
    return isHopeless || time >= quotaPatience;
  }

  private get patience(): number {
    return this.limits.patience ?? this.limits.deadline;
  }

  private giveUp(now: number): void {
    this.leave(this.again.drain(), now);
    const untried = this.recipients.slice(this.next);
    this.next = this.recipients.length;
    this.tally.leaveLate(untried);
    this.settle(untried.length);
  }

  /** Over the quota, a 429 says nothing about the client. */
  private leave(attempts: readonly Attempt<Recipient>[], now: number): void {
    const isOverQuota = this.limits.flow.isOverQuota(now);
    for (const { recipient, isThrottled } of attempts) {
      if (isThrottled && isOverQuota) this.tally.leaveLate([recipient]);
      else this.tally.giveUp([recipient], isThrottled ? 1 : 0);
    }
    this.settle(attempts.length);
  }

  private settle(count = 1): void {
    this.unsettled -= count;
    if (this.unsettled === 0) this.finish();
  }

  private wake(time: number, at: number): void {
    const wakeAt = Math.min(at, this.limits.deadline);
    if (wakeAt >= this.wakesAt) return;
    this.wakesAt = wakeAt;
    void this.ports.pause(Math.max(1, wakeAt - time)).then(() => {
      this.wakesAt = Number.POSITIVE_INFINITY;
      this.advance();
    });
  }
}

/** An error before the post is sent, such as missing credentials, would prevent the other posts as well. */
function outcomeOf(error: unknown): PostOutcome {
  const reason = refusalIn(error);
  return reason === undefined ? 'failed' : { refused: 'every post', reason };
}
