/** `--help` and unknown flags of every program. */

import { describe, expect, it } from 'vitest';
import { asksForHelp, flagMistake } from '../../packages/local/src/terminal/command-flags.ts';
import { runHere, runProgram } from './run-command.ts';

const programs = [
  'token',
  'revoke',
  'erase',
  'export',
  'replace-secret',
  'console',
  'preflight',
  'protect',
  'smoke',
  'conformance',
  'frame',
  'prices',
  'cost',
  'networks',
] as const;

describe('npm run', () => {
  it.each(programs)('%s shows how it is used with --help, beside all other arguments', async (program) => {
    const { code, stdout, stderr } = await runHere(program, ['--usr', 'ann', '--help']);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^npm run -s ${program} -- `));
    expect(stdout).toMatch(/^ {2}--help +this text$/m);
  });

  it.each(programs)('%s names a flag that it does not have, and shows how it is used', async (program) => {
    const { code, stdout, stderr } = await runHere(program, ['--usr', 'ann']);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^Unknown option '--usr'\\.\n\nnpm run -s ${program} -- `));
    expect(stderr).not.toContain(' at ');
  });
});

describe('npm run console', () => {
  it('says the same in a process of its own', async () => {
    const args = ['--usr', 'ann'];

    expect(await runProgram('console', args)).toEqual(await runHere('console', args));
  });
});

describe('asking for help', () => {
  it.each([[['--help']], [['-h']], [['--user', 'ann', '--help']]])('is %j', (args) => {
    expect(asksForHelp(args)).toBe(true);
  });

  it.each([[[]], [['--helpful']], [['help']], [['--', '--help']]])('is not %j', (args) => {
    expect(asksForHelp(args)).toBe(false);
  });
});

describe('a mistake in the flags', () => {
  it('is no other error', () => {
    expect(flagMistake(new Error('x'))).toBeUndefined();
    expect(flagMistake(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBeUndefined();
    expect(flagMistake('x')).toBeUndefined();
  });
});
