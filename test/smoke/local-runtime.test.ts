/** The smoke command against the local runtime: every fact holds there, or says that only AWS can show it. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GroupName, groupNames } from '../../smoke/groups.ts';
import { failuresOf, type SmokeResult } from '../../smoke/result.ts';
import { smoke } from '../../smoke/smoke.ts';
import type { Runtime } from '../runtime.ts';
import { tokenSecretOf } from '../tokens.ts';
import { startSmokeRuntime } from './smoke-runtime.ts';

const onlyOnAws: readonly GroupName[] = ['account', 'logs'];

/** Every JWT begins like this. */
const TOKEN = /eyJ[\w-]{5,}/;

describe('the smoke command against the local runtime', () => {
  let runtime: Runtime;
  let secret: string;
  let folder: string;

  beforeAll(async () => {
    runtime = await startSmokeRuntime();
    secret = await tokenSecretOf(runtime);
    folder = await mkdtemp(path.join(tmpdir(), 'fanfare-'));
  });

  afterAll(async () => {
    await runtime.close();
    await rm(folder, { recursive: true, force: true });
  });

  // The start of the runtime and the run each have the whole time of a hook.
  describe('in one run', () => {
    let result: SmokeResult;
    let file: string;
    const lines: string[] = [];

    beforeAll(async () => {
      const json = path.join(folder, 'smoke.json');
      const url = runtime.urls.websocket;
      const options = { help: false, stage: undefined, url, slow: false, groups: [], json };
      result = await smoke(options, (line) => lines.push(line));
      file = await readFile(json, 'utf8');
    });

    it('fails in no fact', () => {
      const details = result.groups.flatMap(({ facts }) => facts.filter(({ status }) => status === 'failed'));
      expect({ failures: failuresOf(result), details }).toEqual({ failures: [], details: [] });
      expect(result.verdict).toBe('passed');
    });

    it('passes every group but those that only AWS can show, which it skips and says why', () => {
      const verdicts = result.groups.map(({ group, verdict }) => [group, verdict]);
      const expected = groupNames
        .filter((group) => group !== 'slow')
        .map((group) => [group, onlyOnAws.includes(group) ? 'skipped' : 'passed']);
      expect(verdicts).toEqual(expected);
      for (const group of onlyOnAws) expect(lines).toContain(`${group}: skipped (only on AWS)`);
    });

    it('counts what is skipped apart from what has passed', () => {
      const facts = result.groups.flatMap((group) => group.facts);
      const count = (status: string) => facts.filter((fact) => fact.status === status).length;
      expect(result.counts).toEqual({ passed: count('passed'), failed: 0, skipped: count('skipped') });
      expect(count('skipped')).toBe(9);
      expect(count('passed')).toBeGreaterThan(70);
    });

    it('prints one line for each fact, with its number, what is expected and what was seen', () => {
      const facts = result.groups.flatMap((group) => group.facts);
      expect(lines).toHaveLength(facts.length + result.groups.length);
      expect(lines.find((line) => line.includes('handshake/subprotocol'))).toMatch(
        /^ {2}passed {3}handshake\/subprotocol \(HS-10\) {2}expected: .+; saw: 101, subprotocol fanfare\.v1; \d+ ms$/,
      );
    });

    it('writes everything that was seen to the file', () => {
      expect(JSON.parse(file)).toEqual(result);
    });

    it('shows no token and no secret, neither in its lines nor in the file', () => {
      for (const text of [lines.join('\n'), file]) {
        expect(text).not.toMatch(TOKEN);
        expect(text).not.toContain(secret);
      }
    });
  });
});
