import { describe, expect, it } from 'vitest';
import type { Status } from '../../smoke/fact.ts';
import { factLine, groupLine, summary } from '../../smoke/report.ts';
import { type FactResult, type GroupResult, summedUp, verdictOf } from '../../smoke/result.ts';

function fact(name: string, status: Status, seen = 'it'): FactResult {
  return { name, expected: 'something', status, seen, ms: 12 };
}

function group(name: string, ...facts: FactResult[]): GroupResult {
  return { group: name, verdict: verdictOf(facts.map(({ status }) => status)), facts };
}

const about = {
  stage: 'dev',
  url: 'wss://example.com/dev',
  startedAt: '2026-11-29T00:00:00.000Z',
  ms: 95_400,
};

describe('a line of the smoke command', () => {
  it('has the verdict on a fact, its names, what is expected, what was seen, and milliseconds', () => {
    expect(factLine('handshake', { ...fact('subprotocol', 'passed'), number: 'HS-10' })).toBe(
      '  passed   handshake/subprotocol (HS-10)  expected: something; saw: it; 12 ms',
    );
    expect(factLine('wide', fact('reached', 'failed'))).toBe(
      '  failed   wide/reached  expected: something; saw: it; 12 ms',
    );
  });

  it('has for a group how many facts passed, and how many could not be shown', () => {
    const facts = [fact('pong', 'passed'), fact('no-function', 'passed')];

    expect(groupLine(group('ping', ...facts))).toBe('ping: passed (2 of 2)');
    expect(groupLine(group('ping', ...facts, fact('unbilled', 'skipped')))).toBe(
      'ping: passed (2 of 3, 1 skipped)',
    );
  });

  it('names the facts that failed', () => {
    const facts = [fact('pong', 'failed'), fact('in-array', 'passed'), fact('unbilled', 'failed')];

    expect(groupLine(group('ping', ...facts))).toBe('ping: FAILED (ping/pong, ping/unbilled)');
  });

  it('never says that a group passed when all of it was skipped', () => {
    const skipped = group(
      'account',
      fact('a', 'skipped', 'only on AWS'),
      fact('b', 'skipped', 'only on AWS'),
    );

    expect(groupLine(skipped)).toBe('account: skipped (only on AWS)');
  });
});

describe('the summary of a run', () => {
  it('counts passed, failed and skipped facts apart', () => {
    const result = summedUp(about, [
      group('account', fact('a', 'skipped')),
      group('ping', fact('b', 'passed'), fact('c', 'passed')),
    ]);

    expect(result).toMatchObject({ verdict: 'passed', counts: { passed: 2, failed: 0, skipped: 1 } });
    expect(summary(result, 'seen.json')).toBe(
      '\ndev passed\n2 passed, 0 failed, 1 skipped in 95 s; all of it is in seen.json',
    );
  });

  it('fails for one failed fact, and names it', () => {
    const result = summedUp(about, [group('ping', fact('b', 'passed'), fact('c', 'failed'))]);

    expect(result.verdict).toBe('failed');
    expect(summary(result, 'seen.json')).toContain('dev failed: ping/c');
  });
});
