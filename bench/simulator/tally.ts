/** Counts what happens during a broadcast. */

import { messageUnits } from '../../packages/local/src/bill/metered-units.ts';

/** The pace is looked at in steps of this. Milliseconds. */
const STEP_MS = 100;
const STEPS_PER_SECOND = 10;

export class Tally {
  /** How often each member's post was accepted. */
  readonly sentTo: Uint8Array;
  /** Ids of connections that were closed, so that their clients resume. */
  readonly letGo: string[] = [];
  /** Milliseconds after the start. */
  lastSentMs = 0;
  repliedMs = 0;
  posts = 0;
  throttled = 0;
  metered = 0;
  warnings = 0;
  invocations = 0;
  coldStarts = 0;
  /** Times that an event found no environment and had to wait. */
  starvations = 0;
  peakRunning = 0;
  /** Of all invocations together. Milliseconds. */
  billedMs = 0;
  longestMs = 0;
  readUnits = 0;
  writeUnits = 0;
  running = 0;
  private readonly startedAt: number;
  private readonly postsIn: number[] = [];

  constructor(members: number, startedAt: number) {
    this.sentTo = new Uint8Array(members);
    this.startedAt = startedAt;
  }

  posted(now: number): void {
    this.posts += 1;
    const step = Math.floor((now - this.startedAt) / STEP_MS);
    this.postsIn[step] = (this.postsIn[step] ?? 0) + 1;
  }

  sent(member: number, bytes: number, now: number): void {
    this.sentTo[member] = (this.sentTo[member] ?? 0) + 1;
    this.metered += messageUnits(bytes);
    this.lastSentMs = now - this.startedAt;
  }

  refused(): void {
    this.throttled += 1;
  }

  replied(now: number): void {
    this.repliedMs = now - this.startedAt;
  }

  began(isCold: boolean): void {
    this.invocations += 1;
    this.running += 1;
    if (isCold) this.coldStarts += 1;
    this.peakRunning = Math.max(this.peakRunning, this.running);
  }

  ended(tookMs: number): void {
    this.running -= 1;
    this.billedMs += Math.ceil(tookMs);
    this.longestMs = Math.max(this.longestMs, tookMs);
  }

  read(units: number): void {
    this.readUnits += units;
  }

  wrote(units: number): void {
    this.writeUnits += units;
  }

  /** An event came when there was no environment for it. */
  starved(): void {
    this.starvations += 1;
  }

  warned(): void {
    this.warnings += 1;
  }

  /** Posts that started in the busiest second. */
  peakPostsPerSecond(): number {
    let most = 0;
    let inSecond = 0;
    for (let step = 0; step < this.postsIn.length; step++) {
      inSecond += (this.postsIn[step] ?? 0) - (this.postsIn[step - STEPS_PER_SECOND] ?? 0);
      most = Math.max(most, inSecond);
    }
    return most;
  }
}
