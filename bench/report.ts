/** Tables for people: printed, and written into `docs/benchmarks/`. */

import { writeFile } from 'node:fs/promises';

export type Row = readonly (string | number)[];

export function markdownTable(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Prints the text and writes it to the page. */
export async function publishPage(name: string, text: string): Promise<void> {
  process.stdout.write(`${text}\n`);
  await writeFile(new URL(`../docs/benchmarks/${name}.md`, import.meta.url), `${text}\n`);
}

/** Writes the figures beside the page, for programs to read. */
export async function publishFigures(name: string, figures: object): Promise<void> {
  const dated = { measuredOn: new Date().toISOString().slice(0, 10), ...figures };
  const file = new URL(`../docs/benchmarks/${name}.json`, import.meta.url);
  await writeFile(file, `${JSON.stringify(dated, undefined, 2)}\n`);
}

/** Bars of one scale, as an SVG that is readable in light and dark. */
export async function publishBars(
  name: string,
  title: string,
  bars: readonly (readonly [string, number])[],
): Promise<void> {
  const most = Math.max(...bars.map(([, value]) => value));
  const rows = bars.map(([label, value], index) => {
    const y = 40 + index * 34;
    const width = Math.max(2, (value / most) * 380);
    return [
      `<text x="8" y="${y + 16}">${label}</text>`,
      `<rect x="220" y="${y}" width="${width.toFixed(1)}" height="22" rx="3"/>`,
      `<text x="${(228 + width).toFixed(1)}" y="${y + 16}">${value.toLocaleString('en-US')}</text>`,
    ].join('');
  });
  const style = 'text{font:14px sans-serif;fill:#57606a}rect{fill:#c2410c}.title{font-weight:600}';
  const height = 52 + bars.length * 34;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}"><title>${title}</title><style>${style}</style><text class="title" x="8" y="22">${title}</text>${rows.join('')}</svg>\n`;
  await writeFile(new URL(`../docs/benchmarks/${name}.svg`, import.meta.url), svg);
}
