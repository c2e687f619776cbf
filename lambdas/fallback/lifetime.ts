/** How long a stream lasts: a pure policy over time and bytes. */

/** Enough for a client to open another one and resume on it. Milliseconds. */
const NOTICE_MS = 20_000;

/** The platform streams 200 MB at most (https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html). */
const MOST_BYTES = 180 * 1024 * 1024;

export class Lifetime {
  private endsAt: number;
  private latest: number;
  private readonly quietMs: number;
  private readonly noticeMs: number;

  /**
   * @param startedAt milliseconds since 1970.
   * @param quietMs how long it lasts without a sign of its client, because Lambda does not report that a reader has left.
   */
  constructor(startedAt: number, lengthMs: number, quietMs = lengthMs) {
    this.latest = startedAt + lengthMs;
    this.quietMs = quietMs;
    this.endsAt = Math.min(this.latest, startedAt + quietMs);
    this.noticeMs = Math.min(NOTICE_MS, lengthMs / 2);
  }

  /** Whether the stream ends early because its client was not seen. */
  get isQuiet(): boolean {
    return this.endsAt < this.latest;
  }

  /** Notes that the client was there. Milliseconds since 1970. */
  seen(at: number): void {
    this.endsAt = Math.max(this.endsAt, Math.min(this.latest, at + this.quietMs));
  }

  /** Whether it is time to say that the end is near. */
  isClosing(now: number, writtenBytes: number): boolean {
    if (writtenBytes >= MOST_BYTES) this.latest = Math.min(this.latest, now + this.noticeMs);
    this.endsAt = Math.min(this.endsAt, this.latest);
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
