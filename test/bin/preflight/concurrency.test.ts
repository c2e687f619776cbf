import { describe, expect, it } from 'vitest';
import { found } from './accounts.ts';

const reserving = (executions: number) => ({
  reservations: [{ logicalId: 'Fallback', name: 'Fanfare-prod-fallback', executions }],
});
const settings = (total: number, unreserved = total) => ({ concurrency: { total, unreserved } });

describe('preflight, about Lambda executions', () => {
  it.each([
    [200, settings(1_000, 300)],
    [900, settings(1_000)],
    [0, settings(10)],
  ])('takes a reservation of %i that leaves 100 for functions without one: %j', (executions, facts) => {
    expect(found('concurrency', facts, reserving(executions)).filter(isRefusal)).toEqual([]);
  });

  it.each([
    [201, settings(1_000, 300), 'can reserve 200: of its 1,000, AWS keeps 100'],
    [901, settings(1_000), 'can reserve 900: of its 1,000, AWS keeps 100'],
    [1, settings(10), 'can reserve 0: of its 10, AWS keeps 10'],
    [1, settings(50), 'can reserve 0: of its 50, AWS keeps 50'],
    [1, settings(100), 'can reserve 0: of its 100, AWS keeps 100'],
  ])('refuses a reservation of %i that leaves fewer: %j', (executions, facts, limit) => {
    const refusals = found('concurrency', facts, reserving(executions)).filter(isRefusal);

    expect(refusals).toMatchObject([{ severity: 'refuses', sentence: expect.stringContaining(limit) }]);
  });

  it('counts an earlier reservation of the stack as free, for fixed and for generated names of functions', () => {
    const before = { ...settings(1_000, 100), functions: new Map([['Fanfare-prod-fallback', 200]]) };
    const resources = [
      {
        logicalId: 'Fallback',
        physicalId: 'Fanfare-prod-fallback',
        type: 'AWS::Lambda::Function',
        status: 'CREATE_COMPLETE',
      },
    ];
    const unnamed = { reservations: [{ logicalId: 'Fallback', executions: 200 }] };

    expect(found('concurrency', before, reserving(200)).filter(isRefusal)).toEqual([]);
    expect(found('concurrency', { ...before, resources }, unnamed).filter(isRefusal)).toEqual([]);
    expect(found('concurrency', before, reserving(201)).filter(isRefusal)).toHaveLength(1);
  });

  it('says that a stage starves when fewer executions are left than a tenth of its invocations a second', () => {
    // The stage's throttles let 1,000 through.
    expect(found('concurrency', settings(100))).toEqual([]);
    expect(found('concurrency', settings(1_000, 99))).toMatchObject([{ severity: 'starves' }]);
    expect(found('concurrency', settings(1_000, 300), reserving(200))).toEqual([]);
    expect(found('concurrency', settings(1_000, 300), reserving(201))).toMatchObject([
      { severity: 'refuses' },
    ]);
  });

  it('says how many handshakes and publishes ten executions serve, and how to get more', () => {
    const [finding] = found('concurrency', settings(10));

    expect(finding?.sentence).toContain('at most 100 invocations a second: 50 handshakes, or 100 publishes');
    expect(finding?.remedy).toContain(
      '--service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region eu-central-1',
    );
  });

  it('asks for as many executions as the reservation and the rest of the stage need', () => {
    const [finding] = found('concurrency', settings(1_000, 150), reserving(400));

    // 400 reserved and 100 for the rest, of which 150 are free.
    expect(finding?.remedy).toContain('--desired-value 1350 ');
  });
});

function isRefusal({ severity }: { readonly severity: string }): boolean {
  return severity === 'refuses';
}
