/** Shows the current step on one line of a terminal. It shows nothing on a pipe or in a file, which would keep every line. */

/** The members of a stream that are needed. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Goes to the start of the line, and erases it. */
const ERASE = '\r\x1b[2K';

export class Progress {
  private readonly terminal: Terminal;
  private readonly shows: boolean;
  private readonly tell: (step: string) => void;
  private shown = '';

  /**
   * @param wanted `false` with `--json`, because a program reads the output.
   * @param tell Gets each step, also if no step is shown.
   */
  constructor(
    terminal: Terminal,
    wanted: boolean,
    tell: (step: string) => void = () => {},
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.terminal = terminal;
    this.tell = tell;
    // A dumb terminal cannot erase.
    this.shows = wanted && terminal.isTTY === true && environment['TERM'] !== 'dumb';
  }

  /** Begins a step. */
  step(step: string): void {
    this.tell(step);
    if (!this.shows) return;
    this.shown = `${step}…`;
    this.terminal.write(`${ERASE}${this.shown}`);
  }

  /** Ends the last step. */
  done(): void {
    if (this.shown !== '') this.terminal.write(ERASE);
    this.shown = '';
  }

  /** Prints a line above the current step. */
  line(text: string): void {
    const { shown } = this;
    this.terminal.write(shown === '' ? `${text}\n` : `${ERASE}${text}\n${shown}`);
  }
}
