/** Checks shell commands without running them. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { ROOT } from './checkout.ts';
import { runProcess } from './run-process.ts';

/** Commands of this project that explain themselves, by how a line begins. */
const explained: readonly [start: RegExp, help: (name: string) => readonly string[]][] = [
  [/(?:^|\()npm run (?:-s )?(?<name>[\w-]+)/, scriptWithHelp],
  [/^npm start/, () => scriptWithHelp('start')],
  [/^npx fanfare-local/, () => [process.execPath, 'packages/local/bin/fanfare-local.mjs', '--help']],
  [/^npx cdk deploy/, () => [path.join(ROOT, 'node_modules/.bin/cdk'), 'deploy', '--help']],
];

/** By the shell, as npm runs it: npm itself would take half a second of a processor. */
function scriptWithHelp(name: string): readonly string[] {
  const scripts: Readonly<Record<string, string>> = manifest.scripts;
  return ['sh', '-c', `PATH="$PWD/node_modules/.bin:$PATH"; ${scripts[name]} --help`];
}

const helps = new Map<string, Promise<string>>();

/** The error of the shell; empty if it can parse the text. */
export function parseErrors(code: string): Promise<string> {
  return runProcess('sh', ['-n', '-c', code], { cwd: ROOT });
}

/** The scripts of `npm run` in these commands that the project does not have. */
export async function missingScripts(code: string): Promise<string[]> {
  const { scripts }: { scripts: object } = JSON.parse(
    await readFile(path.join(ROOT, 'package.json'), 'utf8'),
  );
  const named = [...code.matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, name]) => name ?? '');
  return named.filter((name) => !(name in scripts));
}

/** The options in these commands that their `--help` does not know. */
export async function unknownOptions(code: string): Promise<string[]> {
  const unknown = code.split('\n').map(async (line) => {
    const command = withoutWords(line);
    for (const [start, help] of explained) {
      const found = start.exec(command);
      if (!found) continue;
      const text = await helpOf(help(found.groups?.['name'] ?? ''));
      const options = command.match(/(?<= )--[a-z][a-z-]*/g) ?? [];
      return options.filter((option) => !text.includes(option));
    }
    return [];
  });
  return (await Promise.all(unknown)).flat();
}

/** The line without comments and quoted words, which may have options of other programs. */
function withoutWords(line: string): string {
  return line.replaceAll(/'[^']*'|"[^"]*"/g, 'word').replace(/ +# .*/, '');
}

function helpOf(command: readonly string[]): Promise<string> {
  const name = command.join(' ');
  const [program = '', ...args] = command;
  const text = helps.get(name) ?? runProcess(program, args, { cwd: ROOT });
  helps.set(name, text);
  return text;
}
