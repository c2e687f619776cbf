/**
 * Decides how fast one broadcast posts, from the outcomes of its posts and from what its container knows. A pure policy: its caller
 * passes the time.
 */

import { ContainerPace } from './container-pace.ts';

/** Milliseconds since 1970. */
type Time = number;

interface Known {
  /** Shared by the broadcasts of a container. */
  readonly container?: ContainerPace;
  /** The pace that another worker of the same broadcast has found. Posts per second. */
  readonly pace?: number | undefined;
}

export class FlowControl {
  /** Posts of this broadcast that were accepted so far. */
  acceptedCount = 0;
  /** Posts that were refused for an error of ours. */
  private refusedCount = 0;
  private readonly container: ContainerPace;

  /** @param postsPerSecond the budget of the broadcast in this container. */
  constructor(postsPerSecond: number, now: Time, { container = new ContainerPace(), pace }: Known = {}) {
    this.container = container;
    container.begin(postsPerSecond, now, pace);
  }

  /** Posts that may be in flight now. */
  get inFlight(): number {
    return this.container.inFlight;
  }

  /** Posts per second, as it is now. */
  get pace(): number {
    return this.container.pace;
  }

  /** True when the quota, and not the budget, says how fast to post. */
  get isHeldBack(): boolean {
    return this.container.isHeldBack;
  }

  /** True when the platform has refused posts and accepted none: more workers would only be refused as well. */
  get isRefused(): boolean {
    return this.refusedCount > 0 && this.acceptedCount === 0;
  }

  /** True when the account was over its quota within the last second, as far as this container has seen. */
  isOverQuota(now: Time): boolean {
    return this.container.isOverQuota(now);
  }

  /** Milliseconds until a post may start; 0 for now. */
  waitFor(now: Time): number {
    return this.container.waitFor(now);
  }

  /** A post was started. */
  started(): void {
    this.container.started();
  }

  /** The post was accepted, or its connection is gone. In both cases the platform did its work. */
  accepted(now: Time): void {
    this.acceptedCount += 1;
    this.container.accepted(now);
  }

  /** @param isFirst whether this connection was not refused before in this broadcast. */
  throttled(now: Time, isFirst = true): void {
    this.container.throttled(now, isFirst);
  }

  /** No answer, or an error of the platform. */
  failed(now: Time): void {
    this.container.failed(now);
  }

  /** The platform refused the post for an error of ours. */
  refused(now: Time): void {
    this.refusedCount += 1;
    this.failed(now);
  }
}
