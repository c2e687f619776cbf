/** How a code block is tried. */

/** In the console of a browser, on a page that the runtime serves, until it has printed this. */
interface InBrowser {
  readonly way: 'browser';
  readonly prints: string;
  /** What is pasted behind it, because it only listens. */
  readonly behind?: string;
  /** It is a module for Node.js as well, as it stands. */
  readonly alsoInNode?: boolean;
}

/** As a program in the checkout, compiled by tsx, until it has printed this. */
interface Program {
  readonly way: 'program';
  readonly prints: string;
  /** What the text around the block says stands before it. */
  readonly before?: string;
  /** What the text around it says to add at the end. */
  readonly behind?: string;
  readonly needsToken?: boolean;
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

/** Never run here, for a reason. As a command, it is parsed, and what it names exists. */
interface NotRun {
  readonly way: 'not run';
  readonly why: string;
}

export type Way = InBrowser | Program | Shell | Fragment | NotRun;
