/** The output of `fanfare-local` on a terminal. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCAL_USAGE } from '../../../packages/local/bin/cli-options.ts';
import { recordProcess } from '../../leaks/evidence.ts';
import { Client } from '../../local/client.ts';
import { appFolder, COMMAND } from './serve-app.ts';

const LAUNCHER = path.resolve(import.meta.dirname, '../../../packages/local/bin/fanfare-local.mjs');

const readyLine = v.object({ websocket: v.string(), outputs: v.record(v.string(), v.string()) });

function launch(cwd: string, flags: readonly string[]) {
  const child = spawn(process.execPath, [LAUNCHER, ...flags], { cwd });
  recordProcess(child);
  onTestFinished(() => void child.kill('SIGTERM'));
  return child;
}

/** A process that gets as far as being ready. */
async function start(cwd: string, flags: readonly string[]) {
  const child = launch(cwd, [...flags, '--json', '--port', '0']);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { ...v.parse(readyLine, JSON.parse(line)), child };
}

/** The whole output of a process that ends by itself, and its exit code. */
async function run(cwd: string, flags: readonly string[]) {
  const child = launch(cwd, flags);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-local-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files))
    await writeFile(path.join(folder, name), JSON.stringify(content));
  return folder;
}

const API = { ApiId: { Ref: 'Api' } };

/** An API that answers everything by a function in the template, in three lines of CloudFormation each. */
const echo = {
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
  },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ...API, StageName: 'test' } },
  Echo: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: 'exports.handler = async ({ body }) => ({ statusCode: 200, body });' },
    },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ...API,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: {
        'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Echo.Arn}/invocations`,
      },
    },
  },
  Default: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ...API, RouteKey: '$default', Target: { 'Fn::Sub': `integrations/\${Integration}` } },
  },
  Replies: {
    Type: 'AWS::ApiGatewayV2::RouteResponse',
    Properties: { ...API, RouteId: { Ref: 'Default' }, RouteResponseKey: '$default' },
  },
};

describe('fanfare-local', () => {
  it('shows its flags with --help', async () => {
    expect(await run(await folderWith({}), ['--help'])).toEqual({ code: 0, output: `${LOCAL_USAGE}\n` });
  });

  it('runs an app in the folder where it is started, until it is interrupted', async () => {
    const { outputs, child } = await start(appFolder('chat'), ['--app', COMMAND]);
    const client = await Client.open(`${outputs['Url']}?user=ann`);

    expect(await client.ask('x')).toEqual({ error: 'unknown action', body: 'x' });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('serves a template whose functions need no build', async () => {
    const folder = await folderWith({ 'echo.json': { Resources: echo } });
    const { websocket } = await start(folder, ['--template', 'echo.json']);
    const client = await Client.open(websocket);

    expect(await client.ask({ hello: 1 })).toEqual({ hello: 1 });
  });

  const withQueue = { Resources: { ...echo, Jobs: { Type: 'AWS::SQS::Queue' } } };

  it('names what it cannot serve, and does not start', async () => {
    const folder = await folderWith({ 'jobs.json': withQueue });

    expect(await run(folder, ['--template', 'jobs.json'])).toEqual({
      code: 1,
      output: 'The local runtime does not support Jobs (AWS::SQS::Queue).\n',
    });
  });

  it('starts without it with --ignore-unsupported', async () => {
    const folder = await folderWith({ 'jobs.json': withQueue });
    const { websocket } = await start(folder, ['--template', 'jobs.json', '--ignore-unsupported']);
    const client = await Client.open(websocket);

    expect(await client.ask({ hello: 1 })).toEqual({ hello: 1 });
  });

  it('says in a sentence that an app has failed', async () => {
    const { code, output } = await run(await folderWith({}), ['--app', 'exit 3']);

    expect([code, output]).toEqual([1, 'The app failed with exit code 3: exit 3\n']);
  });

  it('says in a sentence that it finds nothing to serve', async () => {
    const folder = await folderWith({});

    expect(await run(folder, [])).toEqual({
      code: 1,
      output: 'Give --app or --template, or run this where cdk.json names an app.\n',
    });
  });
});
