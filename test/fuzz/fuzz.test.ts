/**
 * The deployed functions answer any event as the protocol says. `FUZZ_SEED=7` repeats a run's events; `FUZZ_EVENTS=2000000`
 * sends that many to each function.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { actionSchemas } from 'fanfare-protocol/actions';
import { errorStatus } from 'fanfare-protocol/errors';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordProcess, recordSecret } from '../leaks/evidence.ts';
import { isLong, tries } from '../running/counts.ts';
import { CONFIDENTIAL } from './json-text.ts';
import { type Report, report, type TargetName } from './report.ts';

const MB = 1024 * 1024;

/**
 * The most that live objects may grow between the first quarter of the events and the end. After a quarter of 200,000 events all caches
 * are full and the code is compiled: twelve runs grew by less than 1 MB, and a leak of 28 bytes in each of the later events would
 * exceed the limit. After a quarter of a short run they are not: runs grew by up to 6 MB, and the limit finds a leak of 800 bytes.
 */
const MOST_GROWTH = tries({ short: 12, long: 4 }) * MB;

const given = v.parse(
  v.object({ FUZZ_SEED: v.optional(v.string()), FUZZ_EVENTS: v.optional(v.string()) }),
  process.env,
);
const seed = Number(given.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Floods the function in a process of its own, in which no other code takes memory. */
async function flood(target: TargetName, count: number): Promise<Report> {
  const order = JSON.stringify({ target, seed, count: Number(given.FUZZ_EVENTS ?? count) });
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [order], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    silent: true,
  });
  onTestFinished(() => void child.kill());
  recordProcess(child);
  recordSecret(CONFIDENTIAL);
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`The process of seed ${seed} exited with ${code}`);
  });
  const [message] = await Promise.race([once(child, 'message'), exit]);
  exit.catch(() => {});
  const told = v.parse(report, message);
  process.stdout.write(`${target}, FUZZ_SEED=${seed}: ${summaryOf(told)}\n`);
  return told;
}

function summaryOf({ events, seconds, requests, outcomes, memory: { early, late } }: Report): string {
  const growth = (before: number, after: number) =>
    `${(before / MB).toFixed(1)} -> ${(after / MB).toFixed(1)} MB`;
  const memory = `heap ${growth(early.heap, late.heap)}, resident ${growth(early.resident, late.resident)}`;
  return `${events} events in ${seconds.toFixed(0)} s, ${requests} requests, ${memory}, ${JSON.stringify(outcomes)}`;
}

/**
 * No command of a frame is answered with these: one is for another door, and the flooded stage has neither a rule that refuses a message nor
 * a namespace with values.
 */
const elsewhere = new Set(['gone', 'rejected', 'conflict', 'values']);
const replyEvents = Object.values(actionSchemas).map(({ reply }) => reply.entries.event.literal);
const answers = [...replyEvents, ...Object.keys(errorStatus)].filter((answer) => !elsewhere.has(answer));

/** A short run meets each of these up to ten times, and so misses one of them now and then. A long run meets them ten times as often. */
const rare = new Set(isLong ? [] : ['busy', 'marked', 'edited', 'not-found', '429']);

const floods = [
  {
    target: 'default',
    events: tries({ short: 20_000, long: 200_000 }),
    sent: 'frames of any kind',
    // Every reply and every error of the protocol that is not rare: a flood that misses one has shown little.
    outcomes: answers.filter((outcome) => !rare.has(outcome)),
  },
  {
    target: 'authorize',
    events: tries({ short: 2_000, long: 10_000 }),
    sent: 'handshakes with tokens of any kind',
    outcomes: ['signed in', 'anonymous', 'unauthorized', 'denied'],
  },
  {
    target: 'connect',
    events: tries({ short: 2_000, long: 10_000 }),
    sent: 'handshakes of any kind',
    outcomes: ['200', '400', '401', '429', 'failed'].filter((outcome) => !rare.has(outcome)),
  },
] as const;

describe.each(floods)('$target, sent thousands of $sent', ({ target, events, outcomes }) => {
  it('answers within the protocol, reports every error, and keeps no memory', {
    timeout: 600_000,
  }, async () => {
    const told = await flood(target, events);

    expect(told.faults).toEqual([]);
    expect(told.unhandled).toEqual([]);
    expect(told.polluted).toBe(false);
    expect(
      Object.keys(told.outcomes)
        .filter((outcome) => !rare.has(outcome))
        .sort(),
    ).toEqual([...outcomes].sort());
    expect(told.memory.late.heap - told.memory.early.heap).toBeLessThan(MOST_GROWTH);
  });
});
