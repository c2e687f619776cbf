import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.ts';
import { leaksIn } from './search.ts';
import { faultOf } from './verdict.ts';

const CLAIMS = 'eyJzdWIiOiJhbm4iLCJleHAiOjE3OTU5MTk0NjF9';
const SIGNATURE = 'kfbIVxZ6bDTWq1DwDJe3D1nVT0zTxTkKcFvKyq0A5mY';
const JWT = `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${CLAIMS}.${SIGNATURE}`;

const log = (...lines: string[]) => ({ name: 'functions.log', text: `${lines.join('\n')}\n` });

describe('the search for leaks', () => {
  it.each([
    ['a whole token', JWT],
    ['its claims alone', CLAIMS],
    ['its signature alone', SIGNATURE],
  ])('finds %s of a registered token, at any place of a line', (_part, part) => {
    expect(leaksIn([log('fine', `{"at":"${part}!"}`, 'fine')], [JWT])).toEqual([
      { log: 'functions.log', line: 2 },
    ]);
  });

  it('finds a token that no test registered', () => {
    expect(leaksIn([log(`Authorization: Bearer ${JWT}`)], [])).toHaveLength(1);
  });

  it('finds a secret that is not a token, with and without dots', () => {
    expect(leaksIn([log('password hunter2!', 'key a.b.c.d')], ['hunter2!', 'a.b.c.d'])).toHaveLength(2);
  });

  it('finds every line of every log', () => {
    const other = { ...log(JWT), name: 'processes.log' };

    expect(leaksIn([log(JWT, '', JWT), other], [JWT])).toEqual([
      { log: 'functions.log', line: 1 },
      { log: 'functions.log', line: 3 },
      { log: 'processes.log', line: 1 },
    ]);
  });

  it('takes neither the header that all tokens share nor an empty signature for a secret', () => {
    const unsigned = `eyJhbGciOiJub25lIn0.${CLAIMS}.`;

    expect(leaksIn([log('eyJhbGciOiJub25lIn0', 'fine')], [JWT, unsigned])).toEqual([]);
  });
});

describe('a run', () => {
  const evidence: Evidence = {
    folder: '/logs',
    secrets: [JWT],
    logs: [log('fine'), { name: 'processes.log', text: 'fine\n' }],
  };

  it('passes when nothing leaked', () => {
    expect(faultOf(evidence, { isWhole: true })).toBeUndefined();
  });

  it('fails after a leak, and names the place but not the secret', () => {
    const fault = faultOf({ ...evidence, logs: [log('fine', SIGNATURE)] }, { isWhole: false });

    expect(fault).toBe('Tokens or secrets are in 1 lines of the logs in /logs: functions.log:2');
  });

  it('of all tests fails if no test registered a secret', () => {
    expect(faultOf({ ...evidence, secrets: [] }, { isWhole: true })).toContain('No test said');
  });

  it.each([
    { missing: 'functions', logs: [{ name: 'processes.log', text: 'fine\n' }] },
    { missing: 'processes', logs: [log('fine'), { name: 'processes.log', text: '\n' }] },
  ])('of all tests fails if the output of $missing was not kept', ({ missing, logs }) => {
    expect(faultOf({ ...evidence, logs }, { isWhole: true })).toBe(
      `Nothing was kept of what ${missing} printed.`,
    );
  });

  it('of some tests may have nothing to search', () => {
    expect(faultOf({ ...evidence, secrets: [], logs: [] }, { isWhole: false })).toBeUndefined();
  });
});
