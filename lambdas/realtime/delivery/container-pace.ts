/**
 * The pace at which a container posts. It outlives broadcasts: each one begins with what the last one learned. A pure policy: its
 * caller passes the time.
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

/** The pace doubles in each of these that a container is idle: what it knew is then of less worth. Milliseconds. */
const DOUBLED_IN_MS = 1_000;

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

export class ContainerPace {
  /** Posts that may be in flight now. */
  inFlight = FIRST_IN_FLIGHT;
  private most = SLOWEST_PER_SECOND;
  private perSecond = SLOWEST_PER_SECOND;
  /** The number of posts that may start at once. It grows with time. */
  private allowance = 0;
  private refilledAt: Time = 0;
  private startedAt: Time | undefined;
  /** The last outcome of a post. */
  private heardAt: Time = Number.NEGATIVE_INFINITY;
  private quotaSeenAt: Time = Number.NEGATIVE_INFINITY;
  /** Connections that were refused with 429 since the last post was accepted. */
  private throttledInARow = 0;
  private window = { since: 0, accepted: 0, throttled: 0 };
  /** The accepted posts of each of the last windows. */
  private readonly history: { readonly at: Time; readonly count: number }[] = [];

  /**
   * A broadcast begins.
   *
   * @param postsPerSecond its budget; posts may run ahead of it by 10 ms.
   * @param known the pace that another container has found, which counts if this one has posted nothing for a second.
   */
  begin(postsPerSecond: number, now: Time, known?: number): void {
    const isNew = this.startedAt === undefined;
    const idleMs = Math.max(0, now - this.heardAt);
    const remembered = isNew ? postsPerSecond : this.perSecond * 2 ** (idleMs / DOUBLED_IN_MS);
    this.most = Math.max(postsPerSecond, SLOWEST_PER_SECOND);
    this.setPace(known !== undefined && idleMs > HORIZON_MS ? known : remembered);
    if (isNew) {
      this.startedAt = now;
      this.allowance = this.ahead();
      this.refilledAt = now;
    }
    if (now - this.window.since >= HORIZON_MS) this.window = { since: now, accepted: 0, throttled: 0 };
  }

  /** Posts per second, as it is now. */
  get pace(): number {
    return this.perSecond;
  }

  /** True when the quota, and not the budget, says how fast to post. */
  get isHeldBack(): boolean {
    return this.perSecond < this.most || this.isQuota();
  }

  /** True when the account was over its quota within the last second. */
  isOverQuota(now: Time): boolean {
    return now - this.quotaSeenAt < HORIZON_MS || this.throttledInARow >= QUOTA_REFUSALS || this.isQuota();
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
    this.throttledInARow = 0;
    // Twice as many after each round trip, until there are enough.
    if (this.inFlight < MOST_IN_FLIGHT) this.inFlight += 1;
    this.look(now);
  }

  /** @param isFirst whether this connection was not refused before in the same broadcast. */
  throttled(now: Time, isFirst: boolean): void {
    this.window.throttled += 1;
    if (isFirst) this.throttledInARow += 1;
    this.look(now);
  }

  /** No answer, or an error of the platform: fewer posts at a time make it easier for the platform. */
  failed(now: Time): void {
    this.inFlight = Math.max(FEWEST_IN_FLIGHT, this.inFlight - 1);
    this.look(now);
  }

  private ahead(): number {
    return Math.max(1, (this.perSecond * AHEAD_MS) / 1000);
  }

  private setPace(perSecond: number): void {
    this.perSecond = Math.min(this.most, Math.max(SLOWEST_PER_SECOND, perSecond));
  }

  private look(now: Time): void {
    this.heardAt = now;
    const { since, accepted } = this.window;
    if (now - since < WINDOW_MS) return;
    this.history.push({ at: now, count: accepted });
    while ((this.history[0]?.at ?? now) <= now - HORIZON_MS) this.history.shift();
    if (this.isQuota()) this.quotaSeenAt = now;
    this.setPace(this.isQuota() ? this.acceptedPerSecond(now) * PROBE : this.perSecond * GROWTH);
    this.window = { since: now, accepted: 0, throttled: 0 };
  }

  private isQuota(): boolean {
    const { accepted, throttled } = this.window;
    return throttled >= QUOTA_REFUSALS && throttled > QUOTA_SHARE * (accepted + throttled);
  }

  private acceptedPerSecond(now: Time): number {
    const count = this.history.reduce((sum, window) => sum + window.count, 0);
    return (count * 1000) / Math.min(HORIZON_MS, now - (this.startedAt ?? now));
  }
}
