/**
 * Decides how fast to post, from the outcomes of posts. A pure policy: its caller passes the time.
 *
 * The platform refuses with 429 both when an account is over its quota and when one client reads slowly (MG-10). Many
 * refusals in a short while are the quota: then the pace becomes the accepted pace plus 5 %, because only refusals
 * show when there is room again. A few refusals are slow clients, and do not change the pace for the others.
 */

/** Milliseconds since 1970. */
type Time = number;

/** Outcomes are looked at together over this long. Milliseconds. */
const WINDOW_MS = 100;

/** Accepted posts are counted over this time, so that the count covers a whole second of the quota. Milliseconds. */
const HORIZON_MS = 1_000;

/** Refusals are the quota when they are this many, and this share of a window. */
export const QUOTA_REFUSALS = 10;
const QUOTA_SHARE = 0.05;

/** How far above the accepted pace the next window goes. Without asking for more, the caller never learns that there is more. */
const PROBE = 1.05;
const GROWTH = 1.25;

/** Posts may run ahead of the pace by this time, because timers are not finer. Milliseconds. */
const AHEAD_MS = 10;

const SLOWEST_PER_SECOND = 20;

/**
 * Posts in flight: at first, and at most. A new socket costs a TLS handshake, so a cold function begins with few: each accepted
 * post then opens at most one more.
 */
const FIRST_IN_FLIGHT = 16;
const FEWEST_IN_FLIGHT = 8;
export const MOST_IN_FLIGHT = 128;

export class FlowControl {
  /** Posts that may be in flight now. */
  inFlight = FIRST_IN_FLIGHT;
  /** Posts that were accepted so far. */
  acceptedCount = 0;
  /** Posts that were refused for an error of ours. */
  private refusedCount = 0;
  private readonly most: number;
  private perSecond: number;
  /** The number of posts that may start at once. It grows with time. */
  private allowance: number;
  private refilledAt: Time;
  private readonly startedAt: Time;
  private window: { readonly since: Time; accepted: number; throttled: number };
  /** The accepted posts of each of the last windows. */
  private readonly history: { readonly at: Time; readonly count: number }[] = [];

  /**
   * @param postsPerSecond the budget; posts may run ahead of it by 10 ms.
   * @param pace the pace that the platform is known to accept, if it is lower.
   */
  constructor(postsPerSecond: number, now: Time, pace = postsPerSecond) {
    this.most = Math.max(postsPerSecond, SLOWEST_PER_SECOND);
    this.perSecond = Math.min(this.most, Math.max(pace, SLOWEST_PER_SECOND));
    this.allowance = this.ahead();
    this.refilledAt = now;
    this.startedAt = now;
    this.window = { since: now, accepted: 0, throttled: 0 };
  }

  /** Posts per second, as it is now. */
  get pace(): number {
    return this.perSecond;
  }

  /** True when the quota, and not the budget, says how fast to post. */
  get isHeldBack(): boolean {
    return this.perSecond < this.most || this.isQuota();
  }

  /** True when the platform has refused posts and accepted none: more workers would only be refused as well. */
  get isRefused(): boolean {
    return this.refusedCount > 0 && this.acceptedCount === 0;
  }

  /** Milliseconds until a post may start; 0 for now. */
  waitFor(now: Time): number {
    const refill = ((now - this.refilledAt) / 1000) * this.perSecond;
    this.allowance = Math.min(this.ahead(), this.allowance + refill);
    this.refilledAt = now;
    return this.allowance >= 1 ? 0 : Math.ceil(((1 - this.allowance) / this.perSecond) * 1000);
  }

  /** A post was started. */
  started(): void {
    this.allowance -= 1;
  }

  /** The post was accepted, or its connection is gone. In both cases the platform did its work. */
  accepted(now: Time): void {
    this.window.accepted += 1;
    this.acceptedCount += 1;
    // Twice as many after each round trip, until there are enough.
    if (this.inFlight < MOST_IN_FLIGHT) this.inFlight += 1;
    this.look(now);
  }

  throttled(now: Time): void {
    this.window.throttled += 1;
    this.look(now);
  }

  /** No answer, or an error of the platform: fewer posts at a time make it easier for the platform. */
  failed(now: Time): void {
    this.inFlight = Math.max(FEWEST_IN_FLIGHT, this.inFlight - 1);
    this.look(now);
  }

  /** The platform refused the post for an error of ours. */
  refused(now: Time): void {
    this.refusedCount += 1;
    this.failed(now);
  }

  private ahead(): number {
    return Math.max(1, (this.perSecond * AHEAD_MS) / 1000);
  }

  private look(now: Time): void {
    const { since, accepted } = this.window;
    if (now - since < WINDOW_MS) return;
    this.history.push({ at: now, count: accepted });
    while ((this.history[0]?.at ?? now) <= now - HORIZON_MS) this.history.shift();
    const wanted = this.isQuota() ? this.acceptedPerSecond(now) * PROBE : this.perSecond * GROWTH;
    this.perSecond = Math.min(this.most, Math.max(SLOWEST_PER_SECOND, wanted));
    this.window = { since: now, accepted: 0, throttled: 0 };
  }

  private isQuota(): boolean {
    const { accepted, throttled } = this.window;
    return throttled >= QUOTA_REFUSALS && throttled > QUOTA_SHARE * (accepted + throttled);
  }

  private acceptedPerSecond(now: Time): number {
    const count = this.history.reduce((sum, window) => sum + window.count, 0);
    return (count * 1000) / Math.min(HORIZON_MS, now - this.startedAt);
  }
}
