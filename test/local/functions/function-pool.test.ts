import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FunctionSpec } from '../../../packages/local/src/functions/execution-environment.ts';
import { FunctionPool, type PoolOptions } from '../../../packages/local/src/functions/function-pool.ts';
import { does, neverAnswers, returns } from '../../fixtures/functions.ts';
import { emptyFolder } from '../empty-folder.ts';
import { closedGate, type Gate } from '../gate.ts';
import { Queue } from '../queue.ts';
import { writtenFunction } from './written-function.ts';

/** A pool for one test, and what its function prints. */
function poolOf(
  spec: FunctionSpec,
  maxEnvironments: number,
  maxIdle = maxEnvironments,
  more: Partial<PoolOptions> = {},
) {
  const output = new Queue<string>();
  const pool = new FunctionPool(spec, {
    maxEnvironments,
    maxIdle,
    isolation: 'threads',
    onOutput: (name, line) => output.put(`${name}: ${line}`),
    ...more,
  });
  onTestFinished(() => pool.stop());
  return { pool, output };
}

const result = (value: unknown) => ({ kind: 'result', value });

const died = (message: string, errorType = 'Runtime.ExitError') => ({ kind: 'died', errorType, message });

const stopped = died('Written is stopped.');

/** Counts the events of one environment. */
const counts = 'let count = 0; export const handler = async () => ++count;';

/** The same, but an event may let it print a line and never answer. */
const hangsOnDemand = `let count = 0; export const handler = async (event) => {
  count++;
  if (event.hang) { console.log('hanging'); await new Promise(() => {}); }
  return count;
};`;

describe('a function pool', () => {
  it('uses an environment again', async () => {
    const { pool } = poolOf(await writtenFunction(counts), 2);
    await pool.invoke({});

    expect(await pool.invoke({})).toEqual(result(2));
  });

  it('gives an environment one event at a time', async () => {
    const source = `let active = 0; export const handler = async () => {
      active++;
      await new Promise(setImmediate);
      return active--;
    };`;
    const { pool } = poolOf(await writtenFunction(source), 1);

    expect(await Promise.all([pool.invoke({}), pool.invoke({}), pool.invoke({})])).toEqual([
      result(1),
      result(1),
      result(1),
    ]);
  });

  it('keeps at most the allowed number of idle environments', async () => {
    const gates = [await closedGate(), await closedGate()] as const;
    const source = `let count = 0; export const handler = async (event) => {
      if (event.again) { ${gates[1].wait} } else { ${gates[0].wait} }
      return ++count;
    };`;
    const { pool } = poolOf(await writtenFunction(source), 3, 1);
    async function together(event: unknown, gate: Gate): Promise<unknown[]> {
      const outcomes = Promise.all([pool.invoke(event), pool.invoke(event), pool.invoke(event)]);
      for (let arrived = 0; arrived < 3; arrived++) await gate.arrival();
      gate.open();
      return (await outcomes).map((outcome) => outcome.kind === 'result' && outcome.value).sort();
    }

    expect(await together({}, gates[0])).toEqual([1, 1, 1]);
    expect(await together({ again: true }, gates[1])).toEqual([1, 1, 2]);
  });

  it('starts no more environments at once than it is allowed', async () => {
    const gate = await closedGate();
    const lock = path.join(await emptyFolder(), 'loading');
    const source = `import { mkdirSync, rmdirSync } from 'node:fs';
      mkdirSync(${JSON.stringify(lock)});
      await new Promise((resolve) => setTimeout(resolve, 20));
      rmdirSync(${JSON.stringify(lock)});
      export const handler = async () => { ${gate.wait} };`;
    const { pool } = poolOf(await writtenFunction(source), 6, 6, { maxStarting: 1 });

    const outcomes = Promise.all(Array.from({ length: 6 }, () => pool.invoke({})));
    for (let arrived = 0; arrived < 6; arrived++) await Promise.race([gate.arrival(), outcomes]);
    gate.open();

    expect((await outcomes).map(({ kind }) => kind)).toEqual(Array(6).fill('result'));
  });

  it('gives an event the environment that is free first, also while one is starting for it', async () => {
    const [handling, loading] = [await closedGate(), await closedGate()];
    const source = `import { existsSync, writeFileSync } from 'node:fs';
      const loadedBefore = new URL('loaded-before', import.meta.url);
      if (existsSync(loadedBefore)) { ${loading.wait} }
      writeFileSync(loadedBefore, '');
      export const handler = async (event) => { if (event === 'held') { ${handling.wait} } return event; };`;
    const { pool } = poolOf(await writtenFunction(source), 2);
    const held = pool.invoke('held');
    await handling.arrival();
    const next = pool.invoke('next');
    await loading.arrival();
    handling.open();

    expect([await held, await next]).toEqual([result('held'), result('next')]);
  });

  it('gives events at the same time an environment each', async () => {
    const gate = await closedGate();
    const source = `let count = 0; export const handler = async () => { ${gate.wait} return ++count; };`;
    const { pool } = poolOf(await writtenFunction(source), 2);
    const outcomes = Promise.all([pool.invoke({}), pool.invoke({})]);
    await gate.arrival();
    await gate.arrival();
    gate.open();

    expect(await outcomes).toEqual([result(1), result(1)]);
  });

  it('lets events beyond its cap wait for an environment', async () => {
    const gate = await closedGate();
    const source = `let count = 0; export const handler = async () => { ${gate.wait} return ++count; };`;
    const { pool } = poolOf(await writtenFunction(source), 2);
    const outcomes = Promise.all([pool.invoke({}), pool.invoke({}), pool.invoke({})]);
    await gate.arrival();
    await gate.arrival();
    const running = pool.running().length;
    gate.open();

    expect(running).toBe(2);
    expect(
      (await outcomes).map(({ kind, ...rest }) => [kind, ...Object.values(rest)].join(' ')).sort(),
    ).toEqual(['result 1', 'result 1', 'result 2']);
    expect(pool.running()).toEqual([]);
  });

  it('runs a few events of one connection at the same time, while others are served', async () => {
    const gate = await closedGate();
    const { pool } = poolOf(await writtenFunction(does(gate.wait)), 4);
    const of = (connectionId: string) => ({ requestContext: { connectionId } });
    const all = ['neighbour', 'page', 'page', 'page'].map((name) => pool.invoke(of(name)));
    for (let n = 0; n < 3; n++) await gate.arrival();
    const occupied = pool.running().length;
    gate.open();
    await Promise.all(all);

    expect(occupied).toBe(3);
  });

  it('keeps half of its environments free of any one connection', async () => {
    const gate = await closedGate();
    const { pool } = poolOf(await writtenFunction(does(`${gate.wait} return event.body;`)), 4);
    const of = (connectionId: string) => ({ requestContext: { connectionId }, body: connectionId });
    const flood = Promise.all(Array.from({ length: 10 }, () => pool.invoke(of('flood'))));
    await gate.arrival();
    await gate.arrival();
    const occupied = pool.running().length;
    const neighbour = pool.invoke(of('neighbour'));
    await gate.arrival();
    const withNeighbour = pool.running().length;
    gate.open();

    expect([occupied, withNeighbour]).toEqual([2, 3]);
    expect(await neighbour).toEqual(result('neighbour'));
    expect(await flood).toEqual(Array.from({ length: 10 }, () => result('flood')));
    expect(pool.running()).toEqual([]);
  });

  describe('whose events come from a connection that piles them up', () => {
    const of = (connectionId: string) => ({ requestContext: { connectionId }, body: connectionId });

    /** The flood, of which two run, beside a neighbour that is served until its gate opens. */
    async function besideNeighbour() {
      const [crowd, other] = [await closedGate(), await closedGate()];
      const source = does(
        `if (event.body === 'held') { ${other.wait} } else if (event.body === 'flood') { ${crowd.wait} }`,
      );
      const { pool } = poolOf(await writtenFunction(source), 4);
      const running: number[] = [];
      const flood = Array.from({ length: 30 }, async () => {
        await pool.invoke(of('flood'));
        running.push(pool.running().length);
      });
      await crowd.arrival();
      await crowd.arrival();
      const neighbour = pool.invoke(of('held'));
      await other.arrival();
      crowd.open();
      await Promise.all(flood.slice(0, 2));
      return { pool, running, flood, neighbour, openNeighbour: other.open };
    }

    /** How many events run whenever one of the first 20 events of a flood ends. */
    async function runningInFlood(pool: FunctionPool): Promise<number[]> {
      const running: number[] = [];
      const flood = Array.from({ length: 30 }, async () => {
        await pool.invoke(of('flood'));
        running.push(pool.running().length);
      });
      await Promise.all(flood);
      return running.slice(0, 20);
    }

    it('runs one of them at a time while another party is served', async () => {
      const { pool, running, flood, neighbour, openNeighbour } = await besideNeighbour();
      await Promise.all(flood.slice(0, 10));
      const meanwhile = running.slice(0, 10);
      openNeighbour();
      await Promise.all([neighbour, ...flood]);

      // Its own, and the neighbour's.
      expect(meanwhile).toEqual(Array.from({ length: 10 }, () => 2));
      expect(running).toHaveLength(30);
      expect(pool.running()).toEqual([]);
    });

    it('runs one of them at a time for a second after another party was served, and then two', async () => {
      vi.useFakeTimers({ toFake: ['performance'] });
      onTestFinished(() => void vi.useRealTimers());
      const gate = await closedGate();
      const { pool } = poolOf(await writtenFunction(does(`if (event.held) { ${gate.wait} }`)), 4);
      const together = ['neighbour', 'flood'].map((name) => pool.invoke({ ...of(name), held: true }));
      await gate.arrival();
      await gate.arrival();
      gate.open();
      await Promise.all(together);
      // The last to be served is the one that will flood.
      await pool.invoke(of('flood'));

      expect(await runningInFlood(pool)).toEqual(Array.from({ length: 20 }, () => 1));
      vi.advanceTimersByTime(1_000);
      expect(await runningInFlood(pool)).toEqual(Array.from({ length: 20 }, () => 2));
    });

    it.each([
      ['the neighbour', 'neighbour', 1],
      ['the flood itself', 'flood', 2],
    ])('counts the parties that were served in the last second: %s', async (_who, last, atOnce) => {
      vi.useFakeTimers({ toFake: ['performance'] });
      onTestFinished(() => void vi.useRealTimers());
      const gate = await closedGate();
      const { pool } = poolOf(await writtenFunction(does(`if (event.held) { ${gate.wait} }`)), 4);
      const together = ['neighbour', 'flood'].map((name) => pool.invoke({ ...of(name), held: true }));
      await gate.arrival();
      await gate.arrival();
      gate.open();
      await Promise.all(together);
      vi.advanceTimersByTime(1_000);
      await pool.invoke(of(last));

      expect(await runningInFlood(pool)).toEqual(Array.from({ length: 20 }, () => atOnce));
    });

    it('runs one of them at a time also if it sends many in a second and none waits', async () => {
      vi.useFakeTimers({ toFake: ['performance'] });
      onTestFinished(() => void vi.useRealTimers());
      const gate = await closedGate();
      const source = does(`if (event.body === 'held') { ${gate.wait} }`);
      const { pool } = poolOf(await writtenFunction(source), 4);
      const running: number[] = [];
      const neighbour = pool.invoke(of('held'));
      await gate.arrival();
      for (let n = 0; n <= 40; n++) await pool.invoke(of('flood'));
      const together = Array.from({ length: 3 }, async () => {
        await pool.invoke(of('flood'));
        running.push(pool.running().length);
      });
      await Promise.all(together);
      gate.open();
      await neighbour;

      expect(running).toEqual([2, 2, 1]);
    });

    it('is never held up by a slow event of another party', async () => {
      const { running, flood, neighbour, openNeighbour } = await besideNeighbour();
      await Promise.all(flood);

      expect(running).toHaveLength(30);
      openNeighbour();
      await neighbour;
    });
  });

  it('runs waiting events in the order of their arrival', async () => {
    const { pool, output } = poolOf(await writtenFunction(does('console.log(event);')), 1);
    await Promise.all(['first', 'second', 'third'].map((event) => pool.invoke(event)));

    expect([await output.next(), await output.next(), await output.next()]).toEqual([
      'Written: first',
      'Written: second',
      'Written: third',
    ]);
  });

  it('fails the event of a killed environment, and takes a fresh one for the next', async () => {
    const { pool, output } = poolOf(await writtenFunction(hangsOnDemand), 1);
    const lost = pool.invoke({ hang: true });
    await output.next();
    const next = pool.invoke({});
    for (const environment of pool.running()) environment.kill('Unplugged.');

    expect(await lost).toEqual(died('Unplugged.'));
    expect(await next).toEqual(result(1));
  });

  it('takes a fresh environment after a timeout', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { pool, output } = poolOf(await writtenFunction(hangsOnDemand), 1);
    const lost = pool.invoke({ hang: true });
    await output.next();
    vi.advanceTimersByTime(10_000);

    expect(await lost).toEqual(died('Task timed out after 10.00 seconds', 'Sandbox.Timedout'));
    expect(await pool.invoke({})).toEqual(result(1));
  });

  it('fails an event whose environment does not load in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const loading = await closedGate();
    const { pool } = poolOf(await writtenFunction(`${loading.wait} ${returns('late')}`), 1);
    const lost = pool.invoke({});
    await loading.arrival();
    vi.advanceTimersByTime(10_000);

    expect(await lost).toEqual(died('Task timed out after 10.00 seconds', 'Sandbox.Timedout'));
  });

  it('keeps an environment whose handler failed', async () => {
    const source = `let count = 0; export const handler = async (event) => {
      count++;
      if (event.fail) throw new Error('bad');
      return count;
    };`;
    const { pool } = poolOf(await writtenFunction(source), 1);
    await pool.invoke({ fail: true });

    expect(await pool.invoke({})).toEqual(result(2));
  });

  it('fails every event of a module that does not load, with its error', async () => {
    const { pool } = poolOf(await writtenFunction("throw new Error('broken at load');"), 1);
    const failure = { kind: 'died', message: 'broken at load' };

    expect([await pool.invoke({}), await pool.invoke({})]).toMatchObject([failure, failure]);
  });

  it('shows the developer the output and the errors of a function, with its name', async () => {
    const { pool, output } = poolOf(await writtenFunction(does("throw new Error('bad');")), 1);
    await pool.invoke({});

    expect(await output.next()).toMatch(/^Written: Error: bad\n/);
  });

  it('runs the next event on new code after replace, while running events end on the old', async () => {
    const gate = await closedGate();
    const { pool } = poolOf(await writtenFunction(does(`${gate.wait} return 'old';`)), 1);
    const running = pool.invoke({});
    await gate.arrival();
    pool.replace(await writtenFunction(does("return 'new';")));
    const next = pool.invoke({});
    gate.open();

    expect(await running).toEqual(result('old'));
    expect(await next).toEqual(result('new'));
    expect(await pool.invoke({})).toEqual(result('new'));
  });

  it('has new code in place of an idle environment', async () => {
    const { pool } = poolOf(await writtenFunction(returns('old')), 1);
    await pool.invoke({});
    pool.replace(await writtenFunction(returns('new')));

    expect(await pool.invoke({})).toEqual(result('new'));
  });

  it('answers running, waiting and later events when it is stopped', async () => {
    const { pool } = poolOf(await writtenFunction(neverAnswers), 1);
    const outcomes = [pool.invoke({}), pool.invoke({})];
    pool.stop();

    expect(await Promise.all([...outcomes, pool.invoke({})])).toEqual([stopped, stopped, stopped]);
  });
});
