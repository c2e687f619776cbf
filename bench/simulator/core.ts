/** The one core of an execution environment, which does its work in sequence. */

export class Core {
  private freeAt = 0;

  /** When work that is asked for now will be done. */
  doneAt(now: number, workMs: number): number {
    this.freeAt = Math.max(this.freeAt, now) + workMs;
    return this.freeAt;
  }
}
