/** How a code block is tried. */

/** In the console of a browser, on a page that the runtime serves, until it has printed this. */
interface InBrowser {
  readonly way: 'browser';
  readonly prints: string;
  /** The code that is pasted after it, because the block itself only listens. */
  readonly behind?: string;
  /** It is a module for Node.js as well, as it stands. */
  readonly alsoInNode?: boolean;
}

/** As a program in the checkout, compiled by tsx, until it has printed this. */
interface Program {
  readonly way: 'program';
  readonly prints: string;
  /** The lines that stand before the block, as the text around it says. */
  readonly before?: string;
  /** The lines to add at the end, as the text around it says. */
  readonly behind?: string;
  readonly needsToken?: boolean;
  /** The secret of the stage, as the text around it says. */
  readonly needsSecret?: boolean;
}

/** By a shell in the checkout, until it has printed this. */
interface Shell {
  readonly way: 'shell';
  readonly prints: string;
  /** Lines that cannot run here, and why. They are parsed. */
  readonly except?: Readonly<Record<string, string>>;
}

/** Part of a program: it compiles between these two. */
interface Fragment {
  readonly way: 'fragment';
  readonly before: string;
  readonly behind?: string;
}

/** Never run here, for the given reason. A command is parsed, and the files that it names have to exist. */
interface NotRun {
  readonly way: 'not run';
  readonly why: string;
}

export type Way = InBrowser | Program | Shell | Fragment | NotRun;
