/** How often a mailbox is looked into: a pure policy. */

/** While frames come, the next one waits hardly longer than on a socket. Milliseconds. */
const BUSY_MS = 100;

/** Twice a second costs $0.0009 an hour (PX-7), a fourteenth of what the waiting function costs anyway. Milliseconds. */
const QUIET_MS = 500;

/** Quiet after a second or two. */
const GROWTH = 1.3;

export class Pace {
  private pause = BUSY_MS;

  /** Milliseconds until the next look. */
  next(found: 'a full page' | 'some' | 'nothing'): number {
    if (found === 'a full page') return 0;
    this.pause = found === 'some' ? BUSY_MS : Math.min(QUIET_MS, this.pause * GROWTH);
    return this.pause;
  }
}
