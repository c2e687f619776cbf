/** How long a stream lasts: a pure policy over time and bytes. */

/** Enough for a client to open another one and resume on it. Milliseconds. */
const NOTICE_MS = 20_000;

/** The platform streams 200 MB at most (https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html). */
const MOST_BYTES = 180 * 1024 * 1024;

export class Lifetime {
  private endsAt: number;
  private readonly noticeMs: number;

  /** @param startedAt milliseconds since 1970. */
  constructor(startedAt: number, lengthMs: number) {
    this.endsAt = startedAt + lengthMs;
    this.noticeMs = Math.min(NOTICE_MS, lengthMs / 2);
  }

  /** Whether it is time to say that the end is near. */
  isClosing(now: number, writtenBytes: number): boolean {
    if (writtenBytes >= MOST_BYTES) this.endsAt = Math.min(this.endsAt, now + this.noticeMs);
    return this.left(now) <= this.noticeMs;
  }

  isOver(now: number): boolean {
    return this.left(now) <= 0;
  }

  /** Milliseconds. */
  left(now: number): number {
    return this.endsAt - now;
  }
}
