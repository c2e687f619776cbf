import { describe, expect, it } from 'vitest';
import { FLAGS_USAGE, parseOptions } from '../../packages/local/src/options.ts';
import { StartError } from '../../packages/local/src/start-error.ts';

describe('parseOptions', () => {
  it('takes the limits of the platform by default', () => {
    expect(parseOptions([])).toEqual({
      help: false,
      json: false,
      bill: false,
      quotas: false,
      port: 8080,
      environments: 4,
      idleTimeoutMs: 600_000,
      lifetimeMs: 7_200_000,
    });
  });

  it('reads every flag', () => {
    const args = '--help --json --bill --quotas --port 0 --environments 1 --idle-timeout 0.5 --lifetime=3';

    expect(parseOptions(args.split(' '))).toEqual({
      help: true,
      json: true,
      bill: true,
      quotas: true,
      port: 0,
      environments: 1,
      idleTimeoutMs: 500,
      lifetimeMs: 3000,
    });
  });

  it('takes the highest port', () => {
    expect(parseOptions(['--port', '65535']).port).toBe(65_535);
  });

  it.each(['65536', '-1', '1.5', '', 'http', ' 80', '1e3'])('refuses the port %j', (port) => {
    expect(() => parseOptions([`--port=${port}`])).toThrow(
      new StartError(`--port takes a whole number from 0 to 65535; got ${JSON.stringify(port)}.`),
    );
  });

  it.each(['0', '-1', '2.5', 'many'])('refuses %j environments', (environments) => {
    expect(() => parseOptions([`--environments=${environments}`])).toThrow(
      `--environments takes a whole number from 1 to ${Number.MAX_SAFE_INTEGER}; got "${environments}".`,
    );
  });

  it.each(['idle-timeout', 'lifetime'])('refuses a --%s that is not a positive number of seconds', (flag) => {
    for (const given of ['0', '-1', 'soon', '1e3', '']) {
      expect(() => parseOptions([`--${flag}=${given}`])).toThrow(
        new RegExp(`^--${flag} takes a positive number of seconds.*; got "${given}"\\.$`),
      );
    }
  });

  it.each(['idle-timeout', 'lifetime'])('refuses a --%s that is longer than the longest timer', (flag) => {
    expect(parseOptions([`--${flag}`, '2147483'])).toBeDefined();
    expect(() => parseOptions([`--${flag}`, '2147484'])).toThrow(StartError);
  });

  it.each([
    ['an unknown flag', ['--colour'], '--colour'],
    ['a flag without its value', ['--port'], '--port'],
    ['a word that is no flag', ['start'], 'start'],
  ])('names %s', (_what, args, name) => {
    expect(() => parseOptions(args)).toThrow(StartError);
    expect(() => parseOptions(args)).toThrow(name);
  });
});

describe('the usage', () => {
  it('shows every flag with its default', () => {
    for (const line of [/--port .*\(8080\)/, /--json/, /--environments .*\(4\)/, /--help/])
      expect(FLAGS_USAGE).toMatch(line);
    expect(FLAGS_USAGE).toMatch(/--idle-timeout .*\(600\)/);
    expect(FLAGS_USAGE).toMatch(/--lifetime .*\(7200\)/);
  });
});
