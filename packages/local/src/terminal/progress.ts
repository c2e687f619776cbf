/** Shows on a terminal what takes time, on one line that is written over. Shows nothing elsewhere: pipes and files keep every line. */

/** As much of a stream as is needed. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** To the start of the line, and erase to its end. */
const ERASE = '\r\x1b[2K';

export class Progress {
  private readonly terminal: Terminal;
  private readonly shows: boolean;
  private readonly tell: (step: string) => void;
  private shown = '';

  /**
   * @param wanted `false` with `--json`, whose reader is a program.
   * @param tell Told each step, whatever is shown.
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

  /** What is being done from now on. */
  step(step: string): void {
    this.tell(step);
    if (!this.shows) return;
    this.shown = `${step}…`;
    this.terminal.write(`${ERASE}${this.shown}`);
  }

  /** Nothing is being done any more. */
  done(): void {
    if (this.shown !== '') this.terminal.write(ERASE);
    this.shown = '';
  }

  /** Prints a line; what is being done stays below it. */
  line(text: string): void {
    const { shown } = this;
    this.terminal.write(shown === '' ? `${text}\n` : `${ERASE}${text}\n${shown}`);
  }
}
