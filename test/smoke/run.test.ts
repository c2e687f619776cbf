import { describe, expect, it } from 'vitest';
import { type Fact, type Group, ONLY_ON_AWS, saw } from '../../smoke/fact.ts';
import { PATIENCE } from '../../smoke/patience.ts';
import { failuresOf, type SmokeResult } from '../../smoke/result.ts';
import { runGroups } from '../../smoke/run.ts';
import type { Entry, Stage } from '../../smoke/stage.ts';
import { ownTerms } from './own-terms.ts';
import { paperStage } from './paper-stage.ts';

const SECRET = 'the secret of the stage on paper';

async function refused(): Promise<never> {
  throw new Error('This door is closed');
}

const closedDoors: Stage = {
  ...ownTerms,
  name: 'paper',
  url: 'wss://paper.example/paper',
  secret: SECRET,
  open: refused,
  fetch: refused,
  apiUrl: 'https://paper.example/paper',
  fallbackUrl: undefined,
  management: { post: refused, get: refused, delete: refused, postWronglySigned: refused },
  putEvent: refused,
  runsOfDefault: undefined,
  account: undefined,
  logs: undefined,
  patience: PATIENCE,
};

const stage = paperStage(closedDoors, {});

function run(facts: readonly Fact[], on = stage, lines: string[] = []): Promise<SmokeResult> {
  const group: Group = { facts };
  return runGroups(on, [['paper', group]], (line) => lines.push(line));
}

const holds: Fact = { name: 'holds', expected: 'it holds', look: async () => saw(true, 'it') };

/** An entry of the stage on paper, and whether its connection was closed. */
function watched(on: Stage): { readonly stage: Stage; readonly ends: number[] } {
  const ends: number[] = [];
  return {
    ends,
    stage: {
      ...on,
      async open(handshake, onText): Promise<Entry> {
        const entry = await on.open(handshake, onText);
        if (entry.kind === 'open') void entry.wire.closed.then(({ code }) => ends.push(code));
        return entry;
      },
    },
  };
}

describe('a fact', () => {
  it('that throws fails with the sentence of the error, and the next one runs', async () => {
    const throws: Fact = {
      name: 'throws',
      expected: 'something',
      look() {
        throw new Error('The stage is on fire', { cause: new Error('a match') });
      },
    };
    const { groups, counts } = await run([throws, holds]);

    expect(groups[0]?.facts[0]).toMatchObject({
      status: 'failed',
      seen: 'an error: The stage is on fire (a match)',
    });
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('whose answer does not come fails at its time limit, by name, and the next one runs', async () => {
    const hangs: Fact = {
      name: 'hangs',
      expected: 'an answer',
      limitMs: 5,
      look: () => new Promise(() => {}),
    };
    const result = await run([hangs, holds]);

    expect(failuresOf(result)).toEqual(['paper/hangs']);
    expect(result.groups[0]?.facts[0]?.seen).toBe('an error: what was expected did not come within 5 ms');
    expect(result.counts.passed).toBe(1);
  });

  it('that only AWS can show is skipped, which does not count as a success', async () => {
    const { counts, groups } = await run([
      { name: 'aws', expected: 'a role', look: async () => ONLY_ON_AWS },
    ]);

    expect(counts).toEqual({ passed: 0, failed: 0, skipped: 1 });
    expect(groups[0]?.verdict).toBe('skipped');
  });

  it('leaves no connection open, whether it holds or fails', async () => {
    const opens = (name: string, fails: boolean): Fact => ({
      name,
      expected: 'a connection',
      async look(visit) {
        await Promise.all([visit.enter(), visit.enter()]);
        if (fails) throw new Error('No');
        return saw(true, 'two');
      },
    });
    const { stage: on, ends } = watched(stage);
    await run([opens('holds', false), opens('fails', true)], on);

    expect(ends).toEqual([1000, 1000, 1000, 1000]);
  });

  it('that is over cuts connections that it opens later', async () => {
    let letIn: (entry: Entry) => void = () => {};
    const late: Stage = { ...stage, open: () => new Promise((resolve) => (letIn = resolve)) };
    const enters: Fact = {
      name: 'enters',
      expected: 'a connection',
      limitMs: 5,
      look: async (visit) => saw(true, String(await visit.enter())),
    };
    await run([enters], late);
    const entry = await stage.open({}, () => {});
    letIn(entry);

    expect(entry.kind === 'open' && (await entry.wire.closed)).toMatchObject({ code: 1006 });
  });

  it('whose connection is closed does not wait for the frame that will not come', async () => {
    const waits: Fact = {
      name: 'waits',
      expected: 'a frame',
      async look(visit) {
        const visitor = await visit.enter();
        const answer = visitor.say('hello');
        visitor.wire.cut();
        return saw(true, String(await answer));
      },
    };
    const { groups } = await run([waits]);

    expect(groups[0]?.facts[0]?.seen).toBe(
      'an error: an answer to hello did not come: the connection was closed with 1006',
    );
  });
});

describe('what was seen', () => {
  it('contains no token, no part of one and no secret, in the result and on the lines', async () => {
    const tells: Fact = {
      name: 'tells',
      expected: 'nothing secret',
      async look({ run: { tokens } }) {
        const token = await tokens.ofUser('ann');
        const [, , signature] = token.split('.');
        return saw(false, `${token} and ${signature} and ${SECRET}`);
      },
    };
    const lines: string[] = [];
    const result = await run([tells], stage, lines);

    expect(result.groups[0]?.facts[0]?.seen).toBe('(a token) and (a token) and (a token)');
    expect(lines.join()).not.toContain(SECRET);
  });

  it('is printed line by line: each fact, and then the verdict on the group', async () => {
    const lines: string[] = [];
    await run([holds], stage, lines);

    expect(lines).toEqual([
      expect.stringMatching(/^ {2}passed {3}paper\/holds {2}expected: it holds; saw: it; \d+ ms$/),
      'paper: passed (1 of 1)',
    ]);
  });
});
