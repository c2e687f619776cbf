/**
 * Runs concurrent processes one port call at a time, in an order that the caller chooses.
 *
 * Every port call of a process becomes a step that waits until it is chosen. Between two steps a process runs alone, so the order
 * of the steps, and who crashes before which, is the whole of what can differ between two runs.
 */

interface Step {
  readonly process: string;
  readonly label: string;
  readonly take: () => void;
}

/** The possible next steps. */
export type Option =
  | { readonly kind: 'step'; readonly process: string; readonly label: string }
  | { readonly kind: 'crash'; readonly process: string };

/** Picks the next option by its index. */
export type Chooser = (options: readonly Option[]) => number;

export class Scheduler {
  private steps: Step[] = [];
  private readonly immortal = new Set<string>();
  private readonly crashed = new Set<string>();

  /** Waits until it is chosen, then runs at once and whole. A crashed process waits for ever. */
  step<Result>(process: string, label: string, run: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const take = () => {
        try {
          resolve(run());
        } catch (error) {
          reject(error);
        }
      };
      if (!this.crashed.has(process)) this.steps.push({ process, label, take });
    });
  }

  /** This process never crashes, because its whole work would be repeated. */
  spare(process: string): void {
    this.immortal.add(process);
  }

  /** Takes steps until no step waits. Returns the taken steps, for the message of a failure. */
  async run(choose: Chooser, crashes: number): Promise<readonly Option[]> {
    const happened: Option[] = [];
    await quiescence();
    while (this.steps.length > 0) {
      const options = this.options(crashes - this.crashed.size);
      const index = choose(options);
      const option = options[index];
      if (!option) throw new Error('The chooser chose what is not there');
      happened.push(option);
      if (option.kind === 'crash') this.crash(option.process);
      else this.steps.splice(index, 1)[0]?.take();
      await quiescence();
    }
    return happened;
  }

  private options(crashesLeft: number): Option[] {
    const steps = this.steps.map(({ process, label }) => ({ kind: 'step' as const, process, label }));
    if (crashesLeft <= 0) return steps;
    const processes = [...new Set(this.steps.map(({ process }) => process))].filter(
      (process) => !this.immortal.has(process),
    );
    return [...steps, ...processes.map((process) => ({ kind: 'crash' as const, process }))];
  }

  private crash(process: string): void {
    this.crashed.add(process);
    this.steps = this.steps.filter((step) => step.process !== process);
  }
}

/** Until every process waits for a step or has ended: a macrotask comes after all microtasks. */
function quiescence(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
