/** The smoke command against the local runtime: every fact holds there, or says that only AWS can show it. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GroupName, groupNames } from '../../smoke/groups.ts';
import { parseSmokeOptions } from '../../smoke/options.ts';
import type { SmokeResult } from '../../smoke/result.ts';
import { smoke } from '../../smoke/smoke.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';

const onlyOnAws: readonly GroupName[] = ['account', 'logs'];
const shownLocally = groupNames.filter((name) => name !== 'slow' && !onlyOnAws.includes(name));

/** Every JWT begins like this. */
const TOKEN = /eyJ[\w-]{5,}/;

interface Seen {
  readonly result: SmokeResult;
  readonly lines: readonly string[];
  /** The content of the JSON file. */
  readonly file: string;
}

describe('the smoke command against the local runtime', () => {
  let runtime: Runtime;
  let secret: string;
  let folder: string;

  beforeAll(async () => {
    ({ runtime, secret } = await sharedRuntime());
    folder = await mkdtemp(path.join(tmpdir(), 'fanfare-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function see(...groups: readonly GroupName[]): Promise<Seen> {
    const lines: string[] = [];
    const json = path.join(folder, `${groups.join('-')}.json`);
    const url = runtime.urls.websocket;
    const named = groups.flatMap((group) => ['--group', group]);
    const result = await smoke(parseSmokeOptions(['--url', url, '--json', json, ...named]), (line) =>
      lines.push(line),
    );
    return { result, lines, file: await readFile(json, 'utf8') };
  }

  function failed({ groups }: SmokeResult): readonly string[] {
    return groups.flatMap(({ facts }) =>
      facts.flatMap(({ name, status, seen }) => (status === 'failed' ? [`${name}: ${seen}`] : [])),
    );
  }

  it.each(shownLocally)('passes the group %s, and shows no token and no secret', async (group) => {
    const { result, lines, file } = await see(group);

    expect(failed(result)).toEqual([]);
    expect(result.groups.map((one) => [one.group, one.verdict])).toEqual([[group, 'passed']]);
    expect(result.counts).toEqual({ passed: result.groups[0]?.facts.length, failed: 0, skipped: 0 });
    for (const text of [lines.join('\n'), file]) {
      expect(text).not.toMatch(TOKEN);
      expect(text).not.toContain(secret);
    }
  });

  it.each(onlyOnAws)('skips the group %s, and says that only AWS can show it', async (group) => {
    const { result, lines } = await see(group);

    expect(lines.at(-1)).toBe(`${group}: skipped (only on AWS)`);
    expect(result.groups[0]?.facts.map(({ seen }) => seen)).toContain('only on AWS');
    expect(result.counts).toEqual({ passed: 0, failed: 0, skipped: result.groups[0]?.facts.length });
    expect(result.verdict).toBe('passed');
  });

  it('prints one line for each fact, with its number, what is expected and what was seen, and one for each group', async () => {
    const { lines } = await see('account', 'ping');

    expect(lines).toHaveLength(7 + 1 + 4 + 1);
    expect(lines.find((line) => line.includes('ping/pong'))).toMatch(
      /^ {2}passed {3}ping\/pong \(MK-3\) {2}expected: ping is answered .+; saw: \{"event":"pong"\}; \d+ ms$/,
    );
    expect(lines.at(-1)).toBe('ping: passed (4 of 4)');
  });

  it('writes all results to the file', async () => {
    const { result, file } = await see('account', 'ping');

    expect(JSON.parse(file)).toEqual(result);
    expect(result).toMatchObject({
      stage: 'local',
      url: runtime.urls.websocket,
      counts: { passed: 4, failed: 0, skipped: 7 },
    });
  });
});
