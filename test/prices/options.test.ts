import { describe, expect, it } from 'vitest';
import { parseCostsOptions } from '../../prices/options.ts';

describe('the flags of the costs command', () => {
  it('are a load, or nothing for the loads of the page', () => {
    const flags = ['--connections', '10000', '--messages', '0.5', '--subscribers', '50'];

    expect(parseCostsOptions(flags)).toEqual({ connections: 10_000, messages: 0.5, subscribers: 50 });
    expect(parseCostsOptions([])).toBeUndefined();
  });

  it.each([
    ['a part of a load', ['--connections', '5'], 'A load takes all three of'],
    [
      'no connections',
      load('0', '1', '1'),
      '--connections takes a whole number from 1 to 100000000; got "0".',
    ],
    ['a text', load('many', '1', '1'), 'got "many".'],
    ['no messages', load('5', '0', '1'), '--messages takes a number above 0, up to 100000000; got "0".'],
    ['a negative rate', ['--connections=5', '--messages=-1', '--subscribers=1'], 'got "-1".'],
    [
      'more subscribers than connections',
      load('5', '1', '6'),
      '--subscribers takes a whole number from 1 to 5',
    ],
  ])('are refused in a sentence: %s', (_what, flags, sentence) => {
    expect(() => parseCostsOptions(flags)).toThrow(sentence);
  });
});

function load(connections: string, messages: string, subscribers: string): string[] {
  return ['--connections', connections, '--messages', messages, '--subscribers', subscribers];
}
