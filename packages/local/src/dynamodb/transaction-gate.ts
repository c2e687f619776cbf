/** Lets ordinary requests run side by side, and a transaction only alone: nobody sees it half done. */

export class TransactionGate {
  private running = 0;
  private alone: Promise<unknown> = Promise.resolve();
  private readonly onQuiet: (() => void)[] = [];

  /** Waits for transactions that came before; `done` must be called when the request has been answered. */
  async enter(): Promise<() => void> {
    await this.alone;
    this.running += 1;
    return () => this.leave();
  }

  /** Runs once everything that had entered is done, and keeps everything else waiting meanwhile. */
  async transaction<Result>(run: () => Promise<Result>): Promise<Result> {
    const before = this.alone;
    const result = before.then(() => this.quiet()).then(run);
    this.alone = result.catch(() => {});
    return result;
  }

  private leave(): void {
    this.running -= 1;
    if (this.running > 0) return;
    for (const proceed of this.onQuiet.splice(0)) proceed();
  }

  private async quiet(): Promise<void> {
    if (this.running > 0) await new Promise<void>((proceed) => this.onQuiet.push(proceed));
  }
}
