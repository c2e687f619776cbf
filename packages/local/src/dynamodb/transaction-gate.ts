/** Lets requests run in parallel, and each transaction alone, so that no request sees a transaction half done. */

export class TransactionGate {
  private running = 0;
  private alone: Promise<unknown> = Promise.resolve();
  private readonly onQuiet: (() => void)[] = [];

  /** Waits for the transactions that came before. The caller must call `done` when the request is answered. */
  async enter(): Promise<() => void> {
    await this.alone;
    this.running += 1;
    return () => this.leave();
  }

  /** Runs when all requests that have entered are done. Later requests wait until it ends. */
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
