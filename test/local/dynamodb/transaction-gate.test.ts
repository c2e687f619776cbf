import { describe, expect, it } from 'vitest';
import { TransactionGate } from '../../../packages/local/src/dynamodb/transaction-gate.ts';

/** A task that ends when the test says so. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

/** All tasks that can go on now go on first. */
const everythingElse = () => new Promise(setImmediate);

/** Enters, records it, and leaves. */
async function pass(gate: TransactionGate, log: string[], name: string): Promise<void> {
  const leave = await gate.enter();
  log.push(name);
  leave();
}

describe('a transaction gate', () => {
  it('lets requests in beside each other', async () => {
    const gate = new TransactionGate();

    expect(await Promise.all([gate.enter(), gate.enter()])).toHaveLength(2);
  });

  it('runs a transaction after all requests that entered before have left', async () => {
    const gate = new TransactionGate();
    const log: string[] = [];
    const [first, second] = [await gate.enter(), await gate.enter()];
    const transaction = gate.transaction(async () => log.push('transaction'));
    await everythingElse();
    log.push('first leaves');
    first();
    await everythingElse();
    log.push('second leaves');
    second();
    await transaction;

    expect(log).toEqual(['first leaves', 'second leaves', 'transaction']);
  });

  it('lets no request in before an earlier transaction is done', async () => {
    const gate = new TransactionGate();
    const { ended, end } = held();
    const log: string[] = [];
    const transaction = gate.transaction(() => ended.then(() => log.push('transaction')));
    const request = pass(gate, log, 'request');
    end();
    await Promise.all([transaction, request]);

    expect(log).toEqual(['transaction', 'request']);
  });

  it('lets no request overtake a waiting transaction', async () => {
    const gate = new TransactionGate();
    const log: string[] = [];
    const leave = await gate.enter();
    const transaction = gate.transaction(async () => log.push('transaction'));
    const request = pass(gate, log, 'request');
    leave();
    await Promise.all([transaction, request]);

    expect(log).toEqual(['transaction', 'request']);
  });

  it('runs transactions one after the other, in the order in which they came', async () => {
    const gate = new TransactionGate();
    const { ended, end } = held();
    const log: string[] = [];
    const first = gate.transaction(async () => {
      log.push('first begins');
      await ended;
      log.push('first ends');
    });
    const second = gate.transaction(async () => log.push('second'));
    end();
    await Promise.all([first, second]);

    expect(log).toEqual(['first begins', 'first ends', 'second']);
  });

  it('answers what the transaction answers', async () => {
    expect(await new TransactionGate().transaction(async () => 'done')).toBe('done');
  });

  it('opens again after a transaction that failed', async () => {
    const gate = new TransactionGate();
    const failed = gate.transaction(() => Promise.reject(new Error('bad')));
    const request = gate.enter();

    await expect(failed).rejects.toThrow('bad');
    await expect(request).resolves.toBeInstanceOf(Function);
  });
});
