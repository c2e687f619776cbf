/** A function finds here what it finds in Lambda's own environment, because its environment is a process. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ExecutionEnvironment,
  type FunctionSpec,
} from '../../../packages/local/src/functions/execution-environment.ts';
import { does } from '../../fixtures/functions.ts';
import { Queue } from '../queue.ts';
import { writtenFunction } from './written-function.ts';

/** An environment whose folder has these files, too. */
async function environmentOf(
  source: string,
  changes: Partial<FunctionSpec> = {},
  files: Readonly<Record<string, string>> = {},
) {
  const spec = await writtenFunction(source, changes);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(spec.folder, name)), { recursive: true });
    await writeFile(path.join(spec.folder, name), content);
  }
  const environment = new ExecutionEnvironment(spec, () => {}, 'processes');
  onTestFinished(() => environment.kill('The test is over.'));
  return { environment, ...spec };
}

/** A program that invokes the function of a folder once, says so, and goes on. */
const HOST = fileURLToPath(new URL('./environment-host.ts', import.meta.url));

const result = (value: unknown) => ({ kind: 'result', value });

describe('the folder of the code', () => {
  it('is the working directory, so that a relative file is found, also while the code loads', async () => {
    const { environment } = await environmentOf(
      `import { readFileSync } from 'node:fs';
       const atLoad = readFileSync('./greeting.txt', 'utf8');
       export const handler = async () => [atLoad, readFileSync('greeting.txt', 'utf8')];`,
      {},
      { 'greeting.txt': 'hello' },
    );

    expect(await environment.invoke({})).toEqual(result(['hello', 'hello']));
  });

  it('may be left for another one', async () => {
    const { environment } = await environmentOf(does("process.chdir('/'); return process.cwd();"));

    expect(await environment.invoke({})).toEqual(result('/'));
  });
});

describe('the time zone', () => {
  it.each([
    ['of the variables', { TZ: ':UTC' }, 0],
    ['of another country, if the function names one', { TZ: 'Asia/Tokyo' }, 9],
  ])('is that %s', async (_name, variables, hours) => {
    const { environment } = await environmentOf(does('return new Date(0).getHours();'), { variables });

    expect(await environment.invoke({})).toEqual(result(hours));
  });
});

describe('the start of an environment', () => {
  it('may take longer than the timeout of the function', async () => {
    const { environment } = await environmentOf(
      `const begin = Date.now();
       while (Date.now() - begin < 1_000);
       export const handler = async () => 'loaded';`,
      { timeoutMs: 900 },
    );
    await environment.loaded;

    expect(environment.isDead).toBe(false);
  });
});

describe('a function that has answered', () => {
  it('is frozen until its next event', async () => {
    const { environment } = await environmentOf(
      `let last = performance.now();
       let longestPause = 0;
       const tick = () => {
         longestPause = Math.max(longestPause, performance.now() - last);
         last = performance.now();
       };
       setInterval(tick, 1);
       export const handler = async ({ isLast }) => {
         tick();
         return longestPause;
       };`,
    );
    await environment.invoke({});
    const another = await environmentOf(
      does('const begin = performance.now(); while (performance.now() - begin < 200);'),
    );
    await another.environment.loaded;
    await environment.invoke({});
    await another.environment.invoke({});

    expect(await environment.invoke({})).toEqual(result(expect.toSatisfy((pause) => pause >= 200)));
  });

  it('is gone when the runtime dies without a word', async () => {
    const ends = new Queue<string>();
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('close', () => ends.put('closed'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = v.parse(v.object({ port: v.number() }), server.address());
    const { folder } = await writtenFunction(
      `import { once } from 'node:events';
       import { connect } from 'node:net';
       await once(connect(${port}, '127.0.0.1'), 'connect');
       export const handler = async () => 'answered';`,
    );
    const host = spawn(process.execPath, ['--import', 'tsx', HOST, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void host.kill('SIGKILL'));
    await once(host.stdout, 'data');
    host.kill('SIGKILL');

    expect(await ends.next()).toBe('closed');
  });
});
