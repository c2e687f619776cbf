import { describe, expect, it } from 'vitest';
import { Progress } from '../../../packages/local/src/terminal/progress.ts';

const ERASE = '\r\x1b[2K';

/** A stream, and the text that was written to it. */
function stream(isTTY: boolean | undefined) {
  const written: string[] = [];
  return { written, terminal: { isTTY, write: (text: string) => written.push(text) } };
}

describe('progress', () => {
  it('is one line of a terminal that is written over, and removed in the end', () => {
    const { written, terminal } = stream(true);
    const progress = new Progress(terminal, true, undefined, {});
    progress.step('Building 17 functions');
    progress.step('Synthesizing');
    progress.done();
    progress.line('Reloaded.');

    expect(written).toEqual([
      `${ERASE}Building 17 functions…`,
      `${ERASE}Synthesizing…`,
      ERASE,
      'Reloaded.\n',
    ]);
  });

  it('stays below lines that are printed meanwhile', () => {
    const { written, terminal } = stream(true);
    const progress = new Progress(terminal, true, undefined, {});
    progress.step('Synthesizing');
    progress.line('[default] hello');

    expect(written.at(-1)).toBe(`${ERASE}[default] hello\nSynthesizing…`);
  });

  it.each([
    ['on a pipe', undefined, true, {}],
    ['in a file', false, true, {}],
    ['where a program reads', true, false, {}],
    ['on a terminal that cannot erase', true, true, { TERM: 'dumb' }],
  ])('does not show %s, where lines are printed as before', (_where, isTTY, wanted, environment) => {
    const { written, terminal } = stream(isTTY);
    const progress = new Progress(terminal, wanted, undefined, environment);
    progress.step('Synthesizing');
    progress.line('hello');
    progress.done();

    expect(written).toEqual(['hello\n']);
  });

  it('is reported to a program that asks for it, also if it does not show', () => {
    const told: string[] = [];
    new Progress(stream(false).terminal, false, (step) => told.push(step), {}).step('Synthesizing');

    expect(told).toEqual(['Synthesizing']);
  });
});
