/** The text after the start: one link to open, and below it the other URLs. */

/** A name and a URL. */
export type Place = readonly [name: string, url: string];

interface Banner {
  readonly title: string;
  /** The page to open first. */
  readonly open?: string;
  readonly places: readonly Place[];
}

/** Escape sequences are written only to a terminal. */
const styles = {
  terminal: {
    bold: (text: string) => `\x1b[1m${text}\x1b[22m`,
    dim: (text: string) => `\x1b[2m${text}\x1b[22m`,
  },
  plain: { bold: (text: string) => text, dim: (text: string) => text },
} as const;

export function banner({ title, open, places }: Banner, isTerminal: boolean): string {
  const { bold, dim } = isTerminal ? styles.terminal : styles.plain;
  const width = Math.max(...places.map(([name]) => name.length));
  const rows = places.map(([name, url]) => dim(`  ${name.padEnd(width)}  ${url}`));
  const link = open === undefined ? [] : [`  Open ${bold(open)}`, ''];
  return ['', `${title} Ctrl-C stops it.`, '', ...link, ...rows, ''].join('\n');
}
