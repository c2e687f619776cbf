/** The page of limits: each figure has a command that prints it, and each command exists. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generateLimitsPage, LIMITS_PAGE } from '../../docs/generate/limits.ts';

const root = new URL('../../', import.meta.url);
const page = await readFile(LIMITS_PAGE, 'utf8');
const main = await readFile(new URL('bench/main.ts', root), 'utf8');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  await readFile(new URL('package.json', root), 'utf8'),
);

const PARTS = ['The limit', 'Here', 'Shown by', 'What remains'];

interface Limit {
  readonly heading: string;
  /** The text of each part, by its name, with line breaks as spaces. */
  readonly parts: ReadonlyMap<string, string>;
}

/** The sections that begin with a limit. */
const limits: readonly Limit[] = page
  .split(/^## /m)
  .filter((section) => section.includes('\n- **The limit**: '))
  .map((section) => ({
    heading: section.split('\n')[0] ?? '',
    parts: new Map(
      section
        .split(/^- \*\*/m)
        .slice(1)
        .map((part) => {
          const [name = '', text = ''] = part.split(/\*\*: (.*)/s);
          return [name, text.replaceAll(/\s+/g, ' ').trim()];
        }),
    ),
  }));

const shown = limits.map(({ heading, parts }) => ({ heading, text: parts.get('Shown by') ?? '' }));

/** What stands between backticks and begins like a command. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/`((?:npm|npx) [^`]+)`/g)].map(([, command = '']) => command);
}

function exists(command: string): boolean {
  const [, script, rest] = /^npm run (?:-s )?([\w-]+)(?: -- (.*))?$/.exec(command) ?? [];
  if (script === 'bench') return main.includes(`['${rest}', `);
  if (script !== undefined) return script in scripts;
  const [, file] = /^npx vitest run (\S+)$/.exec(command) ?? [];
  return file !== undefined && existsSync(new URL(file, root));
}

/** The text of every file that a passage links to. */
async function linked(text: string): Promise<string> {
  const files = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(
    ([, file = '']) => new URL(file, LIMITS_PAGE),
  );
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

describe('the page of limits', () => {
  it('has the prices of the costs command; npm run docs brings them up to date', () => {
    expect(generateLimitsPage(page)).toBe(page);
    expect(page).toContain('| a quiet audience | ');
  });

  it('has all limits, each in the same four parts', () => {
    expect(limits).toHaveLength(17);
    expect(limits.map(({ parts }) => [...parts.keys()])).toEqual(limits.map(() => PARTS));
  });

  it('links from what Fanfare does to a page or to code', () => {
    const without = limits.filter(({ parts }) => !(parts.get('Here') ?? '').includes(']('));

    expect(without.map(({ heading }) => heading)).toEqual([]);
  });

  it.each(shown)('names a command that shows it, and each command exists: $heading', ({ text }) => {
    const commands = commandsOf(text);

    expect(commands).not.toEqual([]);
    expect(commands.filter((command) => !exists(command))).toEqual([]);
  });

  it.each(shown)('takes each figure from a page that it links to: $heading', async ({ text }) => {
    const figures = [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, figure = '']) => figure);
    const source = await linked(text);

    expect(figures.filter((figure) => !source.includes(figure))).toEqual([]);
  });

  it('has measured figures in those parts only', () => {
    const others = limits.flatMap(({ parts }) => ['The limit', 'Here'].map((name) => parts.get(name) ?? ''));

    expect(others.filter((text) => /\*\*|\d (?:ms|µs)\b|\bmeasured\b/.test(text))).toEqual([]);
  });
});

describe('the search for commands', () => {
  it('knows a command that does not exist', () => {
    expect(commandsOf('`npm run bench -- local`, `a.ts` and `npx vitest run test/a.test.ts`')).toEqual([
      'npm run bench -- local',
      'npx vitest run test/a.test.ts',
    ]);
    expect(exists('npm run bench -- local')).toBe(true);
    expect(exists('npm run bench -- locals')).toBe(false);
    expect(exists('npm run -s price')).toBe(false);
    expect(exists('npx vitest run test/absent.test.ts')).toBe(false);
  });
});
