import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Functions } from '../../../packages/local/src/functions/functions.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { defaultEventInvokeConfig } from '../../../packages/local/src/template/event-invoke-config.ts';
import type { FunctionModel } from '../../../packages/local/src/template/function-model.ts';
import { does, returns } from '../../fixtures/functions.ts';
import { writtenFunction } from './written-function.ts';

const endpoints = {
  localHost: '127.0.0.1:8080',
  localUrls: new Map([['https://Api.execute-api.us-east-1.amazonaws.com', 'http://127.0.0.1:8080']]),
  dynamodb: 'http://127.0.0.1:8000',
};

const model = (changes: Partial<FunctionModel> = {}): FunctionModel => ({
  name: 'Connect',
  s3Key: 'asset',
  handler: 'index.handler',
  runtime: 'nodejs22.x',
  memoryMb: 128,
  timeoutMs: 10_000,
  architecture: 'x86_64',
  variables: {},
  eventInvokeConfig: defaultEventInvokeConfig,
  streams: false,
  ...changes,
});

function noFunctions(): Functions {
  const functions = new Functions(endpoints, {
    maxEnvironments: 1,
    isolation: 'threads',
    onOutput: () => {},
  });
  onTestFinished(() => functions.stop());
  return functions;
}

/** A folder with this source as its `index.mjs`. */
async function folderWith(source: string): Promise<string> {
  return (await writtenFunction(source)).folder;
}

describe('the functions', () => {
  it('run by name, each with its own code', async () => {
    const functions = noFunctions();
    const folders = new Map([
      ['one', await folderWith(returns(1))],
      ['two', await folderWith(returns(2))],
    ]);
    const models = [model({ name: 'One', s3Key: 'one' }), model({ name: 'Two', s3Key: 'two' })];
    functions.load(models, (s3Key) => folders.get(s3Key) ?? '');

    expect(await functions.invoke('One', {})).toEqual({ kind: 'result', value: 1 });
    expect(await functions.invoke('Two', {})).toEqual({ kind: 'result', value: 2 });
  });

  it('see the variables of the template, with the local endpoints in them', async () => {
    const functions = noFunctions();
    const folder = await folderWith(does('return [process.env.URL, process.env.AWS_LAMBDA_FUNCTION_NAME];'));
    functions.load(
      [model({ variables: { URL: 'https://Api.execute-api.us-east-1.amazonaws.com/test' } })],
      () => folder,
    );

    expect(await functions.invoke('Connect', {})).toEqual({
      kind: 'result',
      value: ['http://127.0.0.1:8080/test', 'Connect'],
    });
  });

  it('run the export that the handler names', async () => {
    const functions = noFunctions();
    const folder = await folderWith(
      "export const other = async () => 'other'; export const handler = async () => 1;",
    );
    functions.load([model({ handler: 'index.other' })], () => folder);

    expect(await functions.invoke('Connect', {})).toEqual({ kind: 'result', value: 'other' });
  });

  it('never run with no reserved executions, until a reload gives them some', async () => {
    const functions = noFunctions();
    const folder = await folderWith(returns(1));
    functions.load([model({ reservedConcurrency: 0 })], () => folder);

    expect(await functions.invoke('Connect', {})).toMatchObject({ errorType: 'TooManyRequestsException' });

    functions.load([model()], () => folder);
    expect(await functions.invoke('Connect', {})).toEqual({ kind: 'result', value: 1 });
  });

  it('may be CommonJS', async () => {
    const functions = noFunctions();
    const folder = await folderWith("exports.handler = async () => 'common';");
    await rename(path.join(folder, 'index.mjs'), path.join(folder, 'index.cjs'));
    functions.load([model()], () => folder);

    expect(await functions.invoke('Connect', {})).toEqual({ kind: 'result', value: 'common' });
  });

  it('may have their handler in a folder, even one with a dot in its name', async () => {
    const functions = noFunctions();
    const folder = await folderWith('');
    await mkdir(path.join(folder, 'src.v2', 'handlers'), { recursive: true });
    await writeFile(
      path.join(folder, 'src.v2', 'handlers', 'connect.js'),
      "exports.main = async () => 'deep';",
    );
    functions.load([model({ handler: 'src.v2/handlers/connect.main' })], () => folder);

    expect(await functions.invoke('Connect', {})).toEqual({ kind: 'result', value: 'deep' });
  });

  it('are replaced when they are loaded again', async () => {
    const functions = noFunctions();
    const [before, after] = [await folderWith(returns('before')), await folderWith(returns('after'))];
    functions.load([model()], () => before);
    await functions.invoke('Connect', {});
    functions.load([model()], () => after);

    expect(await functions.invoke('Connect', {})).toEqual({ kind: 'result', value: 'after' });
  });

  it('report a handler without a file by its name', async () => {
    const folder = await folderWith(returns(1));

    expect(() => noFunctions().load([model({ handler: 'main.handler' })], () => folder)).toThrow(
      new StartError('The code of Connect has no file for its handler main.handler.'),
    );
  });

  it('fail an event of an unknown function', async () => {
    expect(await noFunctions().invoke('Nobody', {})).toEqual({
      kind: 'error',
      errorType: 'ResourceNotFoundException',
      message: 'There is no function Nobody.',
    });
  });

  it('fail every event once they are stopped', async () => {
    const functions = noFunctions();
    const folder = await folderWith(returns(1));
    functions.load([model()], () => folder);
    functions.stop();

    expect(await functions.invoke('Connect', {})).toMatchObject({
      kind: 'died',
      message: 'Connect is stopped.',
    });
  });
});
