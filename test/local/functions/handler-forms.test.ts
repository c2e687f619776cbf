/** Which forms of a handler each version of Lambda's Node.js takes, and what they answer. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ExecutionEnvironment,
  type FunctionSpec,
} from '../../../packages/local/src/functions/execution-environment.ts';
import type { Isolation } from '../../../packages/local/src/functions/sandbox.ts';
import { closedGate } from '../gate.ts';
import { writtenFunction } from './written-function.ts';

const result = (value: unknown) => ({ kind: 'result', value });

describe.each<Isolation>(['threads', 'processes'])('a handler in %s', (isolation) => {
  async function outcomeOf(source: string, runtime = 'nodejs22.x', changes: Partial<FunctionSpec> = {}) {
    const spec = await writtenFunction(source, { runtime, ...changes });
    const environment = new ExecutionEnvironment(spec, () => {}, isolation);
    onTestFinished(() => environment.kill('The test is over.'));
    return environment.invoke({});
  }

  it.each([
    ['is dropped', 'nodejs22.x', null],
    ['is its result', 'nodejs24.x', { statusCode: 200 }],
  ])('that is not async and returns a value: the value %s on %s', async (_name, runtime, value) => {
    expect(await outcomeOf('export const handler = () => ({ statusCode: 200 });', runtime)).toEqual(
      result(value),
    );
  });

  it('with a callback answers by it on nodejs22.x', async () => {
    const source = "export const handler = (event, context, callback) => { callback(null, 'called'); };";

    expect(await outcomeOf(source)).toEqual(result('called'));
  });

  it.each(['(event, context, callback) => callback(null, 1)', 'async (event, context, callback) => 1'])(
    'with a third parameter is refused when it is loaded on nodejs24.x: %s',
    async (handler) => {
      expect(await outcomeOf(`export const handler = ${handler};`, 'nodejs24.x')).toMatchObject({
        kind: 'died',
        errorType: 'Runtime.CallbackHandlerDeprecated',
        message: expect.stringContaining('nodejs24.x'),
      });
    },
  );

  it.each(['nodejs22.x', 'nodejs24.x'])('may return a thenable on %s', async (runtime) => {
    const source = "export const handler = () => ({ then: (resolve) => { resolve('then'); } });";

    expect(await outcomeOf(source, runtime)).toEqual(result('then'));
  });

  it('with a callback may return a thenable', async () => {
    const source =
      "export const handler = (event, context, callback) => ({ then: (resolve) => { resolve('then'); } });";

    expect(await outcomeOf(source)).toEqual(result('then'));
  });

  it('that never calls back answers null when it has nothing left to do', async () => {
    const source = `export const handler = (event, context, callback) => { setTimeout(() => {}, 20); };`;

    expect(await outcomeOf(source)).toEqual(result(null));
  });

  it('that called back has answered when nothing is left to do, so that a post which it began is sent', async () => {
    const gate = await closedGate();
    const source = `
      let isSent = false;
      export const handler = (event, context, callback) => {
        (async () => { ${gate.pass} isSent = true; })();
        callback(null, { get isSent() { return isSent; } });
      };`;

    expect(await outcomeOf(source)).toEqual(result({ isSent: true }));
  });

  it('that called back does not wait if it says so', async () => {
    const gate = await closedGate();
    const source = `export const handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      (async () => { ${gate.wait} })();
      callback(null, 'at once');
    };`;

    expect(await outcomeOf(source)).toEqual(result('at once'));
  });

  it('answers the next event after one that never called back', async () => {
    const spec = await writtenFunction(
      `let events = 0;
       export const handler = (event, context, callback) => { if (++events === 2) callback(null, 'second'); };`,
    );
    const environment = new ExecutionEnvironment(spec, () => {}, isolation);
    onTestFinished(() => environment.kill('The test is over.'));

    expect([await environment.invoke({}), await environment.invoke({})]).toEqual([
      result(null),
      result('second'),
    ]);
  });

  it.each(['done', 'succeed'])('may answer by context.%s', async (method) => {
    const given = method === 'done' ? "null, 'answer'" : "'answer'";

    expect(
      await outcomeOf(`export const handler = (event, context) => { context.${method}(${given}); };`),
    ).toEqual(result('answer'));
  });

  it('may fail by context.fail', async () => {
    const source = "export const handler = (event, context) => { context.fail(new Error('not now')); };";

    expect(await outcomeOf(source)).toMatchObject({ kind: 'error', message: 'not now' });
  });

  it('may be a member of an export', async () => {
    const source = "export const chat = { connect: async () => 'connected' };";

    expect(await outcomeOf(source, 'nodejs22.x', { handler: 'index.chat.connect' })).toEqual(
      result('connected'),
    );
  });

  it('is not looked for in the default export of a module', async () => {
    const source = 'export default { handler: async () => 1 };';

    expect(await outcomeOf(source)).toMatchObject({
      kind: 'died',
      errorType: 'Runtime.HandlerNotFound',
      message: 'index.handler is undefined or not exported',
    });
  });

  it.each([
    [
      {
        'index.js': 'exports.handler = async () => "js";',
        'index.mjs': 'export const handler = async () => "mjs";',
      },
      'js',
    ],
    [
      {
        'package.json': '{"type":"module"}',
        'index.js': 'export const handler = async () => "module js";',
      },
      'module js',
    ],
    [{ 'index.cjs': 'exports.handler = async () => "cjs";' }, 'cjs'],
    [{ 'index.js': 'module.exports = { get handler() { return async () => "getter"; } };' }, 'getter'],
  ])('is in the file that Lambda takes first: %j', async (files, value) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-test-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
    expect(await outcomeOf('', 'nodejs22.x', { folder })).toEqual(result(value));
  });
});
