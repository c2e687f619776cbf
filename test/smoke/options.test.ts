import { describe, expect, it } from 'vitest';
import { CommandLineError } from '../../bin/command-line.ts';
import { chosenGroups, groupNames } from '../../smoke/groups.ts';
import { parseSmokeOptions, SMOKE_USAGE } from '../../smoke/options.ts';

/** The sentence with which flags are refused. */
function mistake(...args: string[]): string {
  try {
    parseSmokeOptions(args);
  } catch (error) {
    if (error instanceof CommandLineError) return error.message;
    throw error;
  }
  return 'none';
}

const LOCAL = 'ws://localhost:8080/local';

describe('the flags of the smoke command', () => {
  it('are a deployed stage; all groups run, and the file is named after the stage', () => {
    expect(parseSmokeOptions(['--stage', 'dev'])).toEqual({
      stage: 'dev',
      url: undefined,
      name: 'dev',
      config: undefined,
      channels: [],
      message: undefined,
      tokens: [],
      serverToken: undefined,
      apiUrl: undefined,
      secret: undefined,
      slow: false,
      groups: [],
      json: 'smoke-dev.json',
    });
  });

  it('are the URL of a local runtime, whose path is the stage', () => {
    expect(parseSmokeOptions(['--url', LOCAL])).toMatchObject({
      stage: undefined,
      url: LOCAL,
      json: 'smoke-local.json',
    });
    expect(parseSmokeOptions(['--url', 'ws://127.0.0.1:1/local'])).toMatchObject({
      json: 'smoke-local.json',
    });
  });

  it('may name a stage and the URL of its clients', () => {
    const args = ['--stage', 'prod', '--url', 'wss://live.example.com/prod'];

    expect(parseSmokeOptions(args)).toMatchObject({ stage: 'prod', url: 'wss://live.example.com/prod' });
  });

  it('may be the URL of any deployed stage, with what the operator hands over for it', () => {
    const url = 'wss://abc123.execute-api.eu-central-1.amazonaws.com/Shop-Realtime';
    const tokens = { FANFARE_TOKEN: 'one two', FANFARE_SERVER_TOKEN: 'three' };
    const more = { FANFARE_TOKEN: 'one two three' };

    expect(parseSmokeOptions(['--url', url], SMOKE_USAGE, tokens)).toMatchObject({
      stage: undefined,
      name: 'Shop-Realtime',
      tokens: ['one', 'two'],
      serverToken: 'three',
      json: 'smoke-Shop-Realtime.json',
    });
    expect(() => parseSmokeOptions(['--url', url], SMOKE_USAGE, more)).toThrow(
      'FANFARE_TOKEN has the tokens of at most two users.',
    );
  });

  it('choose groups, the slow ones, and the file', () => {
    const args = ['--stage', 'dev', '--group', 'ping', '--group=wide', '--slow', '--json', 'seen.json'];

    expect(parseSmokeOptions(args)).toMatchObject({
      groups: ['ping', 'wide'],
      slow: true,
      json: 'seen.json',
    });
  });

  it.each([
    ['nothing', [], SMOKE_USAGE],
    [
      'an unknown group',
      ['--url', LOCAL, '--group', 'pings'],
      'There is no group "pings". There are: account',
    ],
    ['a URL of HTTP', ['--url', 'http://localhost:8080/local'], '--url takes a URL such as ws://localhost'],
    ['what is no URL', ['--url', 'local'], '--url takes a URL such as ws://localhost'],
    ['a URL without a stage', ['--url', 'ws://localhost:8080'], '--url has to end in the stage'],
    [
      'a URL elsewhere without a stage',
      ['--url', 'wss://live.example.com/prod'],
      'live.example.com is not this machine: name the deployed stage with --stage',
    ],
  ])('are refused in a sentence for %s', (_what, args, sentence) => {
    expect(mistake(...args)).toContain(sentence);
  });

  it('are all named in the usage, and so are all groups', () => {
    const flags = ['--stage', '--url', '--config', '--channel', '--message', 'FANFARE_TOKEN'];
    flags.push('--api-url', '--secret', '--group', '--slow', '--json', '--help');
    for (const name of [...flags, ...groupNames]) expect(SMOKE_USAGE).toContain(name);
  });
});

describe('the groups that run', () => {
  const names = (options: Parameters<typeof chosenGroups>[0]) => chosenGroups(options).map(([name]) => name);

  it('are all but the slow ones, with the search of the logs at the end', () => {
    const all = names({ groups: [], slow: false });

    expect(all).toEqual(groupNames.filter((name) => name !== 'slow'));
    expect(all.at(-1)).toBe('logs');
  });

  it('are all groups when the slow ones are asked for', () => {
    expect(names({ groups: [], slow: true })).toEqual(groupNames);
  });

  it('are the named ones, in the order of the table, and the slow ones if they are asked for', () => {
    expect(names({ groups: ['wide', 'ping'], slow: false })).toEqual(['ping', 'wide']);
    expect(names({ groups: ['ping'], slow: true })).toEqual(['ping', 'slow']);
    expect(names({ groups: ['slow'], slow: false })).toEqual(['slow']);
  });
});
