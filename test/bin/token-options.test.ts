import { describe, expect, it } from 'vitest';
import { CommandLineError } from '../../bin/command-line.ts';
import { parseTokenOptions, TOKEN_USAGE } from '../../bin/token-options.ts';

const parse = (...args: string[]) => parseTokenOptions(['--user', 'ann', ...args]);

/** The sentence with which flags are refused. */
function mistake(...args: string[]): string {
  try {
    parseTokenOptions(args);
  } catch (error) {
    if (error instanceof CommandLineError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the flags of the token command', () => {
  it('name the user; by default a token lasts an hour, and is for the local stage and no channel', () => {
    expect(parse()).toEqual({ user: 'ann', channels: {}, seconds: 3_600, stage: 'local', isServer: false });
  });

  it('may be combined', () => {
    const args = [
      '--channel',
      'chat:*=subscribe,publish',
      '--channel=live:a=members',
      '--for',
      '7d',
      '--stage',
      'prod',
    ];

    expect(parse(...args)).toEqual({
      user: 'ann',
      channels: { 'chat:*': ['subscribe', 'publish'], 'live:a': ['members'] },
      seconds: 604_800,
      stage: 'prod',
      isServer: false,
    });
  });

  it('give the info that others see of the user as JSON', () => {
    expect(parse('--info', '{"name":"Ann"}').info).toEqual({ name: 'Ann' });
    expect(parse('--info', 'null').info).toBeNull();
    expect(parse()).not.toHaveProperty('info');
    expect(mistake('--user', 'ann', '--info', 'Ann')).toContain('--info: it is not JSON');
    expect(mistake('--user', 'ann', '--info', `"${'x'.repeat(1_023)}"`)).toContain('at most 1024 bytes');
  });

  it('split a channel at the last equals sign', () => {
    expect(parse('--channel', 'chat:a=b=publish').channels).toEqual({ 'chat:a=b': ['publish'] });
  });

  it.each([
    ['45s', 45],
    ['30m', 1_800],
    ['12h', 43_200],
    ['1d', 86_400],
  ])('understand the time %s', (time, seconds) => {
    expect(parse('--for', time).seconds).toBe(seconds);
  });

  it.each([
    '',
    '0s',
    '00h',
    '5',
    'h',
    '1w',
    '1.5h',
    '-1h',
    '1h30m',
    ' 1h',
    '1H',
    '1e3s',
    '9999999999s',
    'forever',
  ])('do not understand the time %j', (time) => {
    expect(mistake('--user', 'ann', `--for=${time}`)).toBe(
      `--for takes a time such as 45s, 30m, 12h or 7d; got ${JSON.stringify(time)}.`,
    );
  });

  it.each([
    '',
    'chat:*',
    '=publish',
    'chat:*=',
    'chat:*=Publish',
    'chat:*=publish subscribe',
    'chat:*=publish=1',
  ])('do not understand the channel %j', (channel) => {
    expect(mistake('--user', 'ann', `--channel=${channel}`)).toBe(
      `--channel takes <pattern>=<permissions>, such as 'chat:*=subscribe,publish'; got ${JSON.stringify(channel)}.`,
    );
  });

  it.each(['ch*=publish', '*:x=publish', 'chat:a*b=publish', '@*=subscribe'])(
    'refuse a malformed pattern: %j',
    (channel) => {
      expect(mistake('--user', 'ann', '--channel', channel)).toBe(
        '--channel: a pattern is namespace:name, namespace:start*, or * for every channel.',
      );
    },
  );

  it.each(['chat:*=history', 'chat:*=publish,', 'chat:*=publish,admin', 'chat:*=,'])(
    'refuse an unknown permission: %j',
    (channel) => {
      expect(mistake('--user', 'ann', '--channel', channel)).toMatch(
        /^--channel: Invalid type: Expected .*"publish"/,
      );
    },
  );

  it('may ask for a token for the HTTP API', () => {
    expect(parse('--server').isServer).toBe(true);
  });

  it('may name one channel several times', () => {
    expect(parse('--channel', 'chat:a=publish', '--channel', 'chat:a=members').channels).toEqual({
      'chat:a': ['publish', 'members'],
    });
  });

  it('refuse more channels than a token may name', () => {
    const channels = Array.from(
      { length: 40 },
      (_, index) => `--channel=chat:${'x'.repeat(100)}${index}=publish`,
    );

    expect(mistake('--user', 'ann', ...channels)).toBe(
      '--channel: the channels of a token are at most 4096 bytes of JSON.',
    );
  });

  it.each([[[]], [['--user=']], [['--channel', 'chat:*=publish']]])(
    'show how it is used when no user is named: %j',
    (args) => {
      expect(mistake(...args)).toBe(TOKEN_USAGE);
    },
  );

  it.each([[['--usr', 'ann']], [['ann']], [['--user']], [['--user', 'ann', '--for']], [['--help']]])(
    'that do not exist cause a sentence with the usage: %j',
    (args) => {
      expect(mistake(...args)).toMatch(/^[^\n]+\n\nnpm run -s token/);
      expect(mistake(...args)).toContain(TOKEN_USAGE);
    },
  );
});
