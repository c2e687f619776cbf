/** The table of doors and rights as Markdown: a row for each door, a column for each check, and what the words in it mean. */

import { type Check, checks, type Defence } from './checks.ts';
import { type DefenceName, defences } from './defences.ts';
import type { Cell, Door } from './door.ts';
import { doors } from './doors.ts';

const columns = Object.entries(checks);

export function doorTable(): string {
  const head = ['Door', ...columns.map(([, title]) => title)];
  const rows = Object.entries(doors).map(([name, door]: [string, Door]) => [name, ...cellsOf(door)]);
  return table(head, rows);
}

/** A cell without a check has a number. The note of that number says why no check is needed. */
export function doorNotes(): string {
  return notes.map((note, index) => `${index + 1}. ${note}`).join('\n');
}

export function defenceTable(): string {
  const rows = Object.entries(defences).map(([name, { says, code, test }]: [string, Defence]) => [
    `**${name}**`,
    says,
    linkTo(code[0]),
    linkTo(`test/${test[0]}`),
  ]);
  return table(['', 'What it does', 'Code', 'Test'], rows);
}

const notes = [
  ...new Set(
    Object.values(doors).flatMap((door: Door) =>
      Object.values(door.checks).flatMap((cell: Cell) => (typeof cell === 'string' ? [] : [cell.none])),
    ),
  ),
];

function cellsOf({ checks: cells }: Door): string[] {
  return columns.map(([check]) => cellText(cells[asCheck(check)]));
}

function cellText(cell: Cell): string {
  if (typeof cell !== 'string') return `(${notes.indexOf(cell.none) + 1})`;
  return cell satisfies DefenceName;
}

function asCheck(name: string): Check {
  if (!isCheck(name)) throw new Error(`${name} is no check`);
  return name;
}

function isCheck(name: string): name is Check {
  return Object.hasOwn(checks, name);
}

function linkTo(file: string): string {
  return `[\`${file}\`](../${file})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
