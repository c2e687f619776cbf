/** Keeps the frames that come on one socket, so that none is missed between two looks. */

interface Wanted {
  readonly matches: (frame: unknown) => boolean;
  readonly take: (frame: unknown) => void;
}

/** Each frame is taken once. */
export class Inbox {
  readonly frames: unknown[] = [];
  private readonly wanted = new Set<Wanted>();

  put(frame: unknown): void {
    const taker = [...this.wanted].find(({ matches }) => matches(frame));
    if (taker) taker.take(frame);
    else this.frames.push(frame);
  }

  take(matches: (frame: unknown) => boolean): Promise<unknown> {
    const at = this.frames.findIndex(matches);
    if (at !== -1) return Promise.resolve(this.frames.splice(at, 1)[0]);
    return new Promise((resolve) => {
      const wanted = {
        matches,
        take: (frame: unknown) => {
          this.wanted.delete(wanted);
          resolve(frame);
        },
      };
      this.wanted.add(wanted);
    });
  }
}
