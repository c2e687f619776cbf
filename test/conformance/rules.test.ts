/** The rules of the wire protocol: the local runtime keeps each of them, and a server with a fault breaks the one that it concerns. */

import { beforeAll, describe, expect, it } from 'vitest';
import { checkRule, checkServer } from '../../conformance/check.ts';
import type { Host } from '../../conformance/guest.ts';
import { findingLine, verdictLine } from '../../conformance/report.ts';
import type { Rule } from '../../conformance/rule.ts';
import { rules } from '../../conformance/rules.ts';
import type { OpenSocket } from '../../smoke/stage.ts';
import { socketsAt } from '../../smoke/wire.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import { faults, withFault } from './faults.ts';

const PATIENCE_MS = 60_000;

let open: OpenSocket;
let token: string;
let hosts = 0;

beforeAll(async () => {
  const { runtime, mint } = await sharedRuntime();
  open = socketsAt(runtime.urls.websocket);
  token = await mint('conformant');
});

function host(more: Partial<Host> = {}): Host {
  hosts += 1;
  return { open, token, namespace: 'open', patienceMs: PATIENCE_MS, run: `run-${hosts}`, ...more };
}

function ruleOf(name: string): Rule {
  const rule = rules.find((one) => one.name === name);
  if (!rule) throw new Error(`There is no rule ${name}`);
  return rule;
}

const named = rules.map((rule) => [`${rule.section}/${rule.name}`, rule] as const);

describe('the local runtime', () => {
  it.each(named)('keeps %s', async (_name, rule) => {
    expect(await checkRule(host(), rule)).toEqual({ rule, status: 'kept', seen: '' });
  });
});

describe('a server with a fault', () => {
  it.each(named)('breaks %s', async (_name, rule) => {
    const fault = faults[rule.name];
    if (!fault) throw new Error(`There is no fault for ${rule.name}`);

    const { status, seen } = await checkRule(host({ open: withFault(open, fault()) }), rule);

    expect(status).toBe('broken');
    expect(seen).not.toMatch(/did not come within/);
  });

  it('is found by every fault of the table', () => {
    expect(Object.keys(faults).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
  });

  it('breaks any rule by a frame that the protocol does not have', async () => {
    const faulty = withFault(open, { text: (text) => text.replace('"event":"pong"', '"event":"hello"') });

    const { status, seen } = await checkRule(host({ open: faulty }), ruleOf('live'));

    expect(status).toBe('broken');
    expect(seen).toContain('{"event":"hello"}');
  });

  it('breaks any rule by an error with the status of another code', async () => {
    const faulty = withFault(open, { text: (text) => text.replace('"status":404', '"status":400') });

    expect(await checkRule(host({ open: faulty }), ruleOf('unknown-action'))).toMatchObject({
      status: 'broken',
      seen: expect.stringContaining('unknown-action has another status than 400'),
    });
  });
});

describe('a check', () => {
  it('skips the rules for signed-in users without a token', async () => {
    const findings = await checkServer(host({ token: undefined }), [ruleOf('sender'), ruleOf('ping')]);

    expect(findings.map(({ status }) => status)).toEqual(['skipped', 'kept']);
    expect(verdictLine('ws://x', findings)).toBe('\nws://x speaks fanfare.v1\n1 kept, 0 broken, 1 skipped');
  });

  it('goes on behind a broken rule, and never shows the token', async () => {
    const leak: Rule = { ...ruleOf('ping'), check: async () => Promise.reject(new Error(`saw ${token}!`)) };
    const lines: string[] = [];

    const findings = await checkServer(host(), [leak, ruleOf('no-subprotocol')], (finding) =>
      lines.push(findingLine(finding)),
    );

    expect(findings.map(({ status }) => status)).toEqual(['broken', 'kept']);
    expect(lines[0]).toMatch(/broken +commands-and-replies\/ping .*; saw <token>!$/);
    expect(verdictLine('ws://x', findings)).toBe('\nws://x breaks ping\n1 kept, 1 broken, 0 skipped');
  });

  it('says of a server that is not there that no rule is kept', async () => {
    const nowhere = socketsAt('ws://localhost:1/local');

    expect(await checkRule(host({ open: nowhere }), ruleOf('ping'))).toMatchObject({
      status: 'broken',
      seen: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
