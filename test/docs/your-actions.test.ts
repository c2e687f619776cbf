/** The code of `docs/your-actions.md` does what the page says, as it is printed. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import config from '../../examples/dice/fanfare.config.ts';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import type { OwnAction } from '../../lambdas/own-logic/own-action.ts';
import { open } from '../../lambdas/realtime/connections/membership.ts';
import { checkConfig } from '../../lib/settings/check-config.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { memoryPorts } from '../memory/memory-ports.ts';
import { blocksOf } from './snippets/blocks.ts';

const PAGE = 'docs/your-actions.md';
const ROOT_URL = new URL('../../', import.meta.url);
const EXAMPLE = ['roll.ts', 'fanfare.config.ts', 'play.ts'] as const;

/** Inside of the project, so that the names of packages lead where they lead in a checkout. */
const folder = new URL(`.local/your-actions-${process.pid}/`, ROOT_URL);

afterAll(() => rm(folder, { recursive: true, force: true }));

const ann = sessionFixture({ user: 'ann' });
const declared = config({ local: true });

const textOf = (path: string) => readFile(new URL(path, ROOT_URL), 'utf8');

async function printed(): Promise<string[]> {
  const blocks = blocksOf(PAGE, await textOf(PAGE));
  return blocks.filter(({ language }) => language === 'ts').map(({ code }) => code);
}

async function conversation(actions: Readonly<Record<string, OwnAction>>) {
  const ports = memoryPorts();
  const all = { ...declared, namespaces: { ...declared.namespaces, poll: pollPolicy }, actions };
  await open(ports, all, ann);
  const context = actionContext(all, ports);
  const ask = async (command: object): Promise<unknown> =>
    JSON.parse(await answer(JSON.stringify(command), ann, context));
  return { ports, ask };
}

const pollPolicy = {
  subscribe: 'anyone',
  publish: 'servers',
  members: 'servers',
  history: { hours: 1 },
  presence: 'none',
} as const;

describe('the example', () => {
  it.each(EXAMPLE.map((file, index) => [file, index] as const))(
    'is printed as it is: %s',
    async (file, index) => {
      const code = (await printed())[index] ?? '';

      expect(code.trim()).toBe((await textOf(`examples/dice/${file}`)).trim());
    },
  );

  it('is one file, and one line beside its import', async () => {
    const lines = (await textOf('examples/dice/fanfare.config.ts')).split('\n').map((line) => line.trim());
    const code = lines.filter((line) => !/^(\/\*|\*|\/\/)/.test(line));

    expect(code.filter((line) => /\broll\b/.test(line))).toEqual([
      "import { roll } from './roll.ts';",
      'actions: { roll },',
    ]);
  });

  it('passes the check of configurations', () => {
    expect(() => checkConfig(config, { local: true })).not.toThrow();
  });

  it('rolls, tells the table, and gives a repetition the same values', async () => {
    const { ask } = await conversation({ ...declared.actions });
    const command = { action: 'roll', data: { table: 'blue', dice: 2 }, key: 'k' };

    const rolled = await ask(command);
    const again = await ask(command);

    expect(rolled).toEqual({ event: 'roll', data: { values: [expect.any(Number), expect.any(Number)] } });
    expect(again).toEqual(rolled);
    const { data } = v.parse(v.object({ data: v.object({ values: v.array(v.number()) }) }), rolled);
    expect(await ask({ action: 'history', channel: 'table:blue' })).toMatchObject({
      messages: [{ data: { user: 'ann', values: data.values } }],
    });
  });

  it('refuses too many dice, and a table that has no such name', async () => {
    const { ask } = await conversation({ ...declared.actions });

    expect(await ask({ action: 'roll', data: { table: 'blue', dice: 6 } })).toMatchObject({
      code: 'rejected',
      message: 'You roll at most 5 dice.',
    });
    expect(await ask({ action: 'roll', data: { table: 'Blue', dice: 1 } })).toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/^data\.table: The name of a table/),
    });
  });
});

describe('the vote', () => {
  const sdk = mockClient(DynamoDBClient);
  let vote: OwnAction;

  const isAction = v.custom<OwnAction>(
    (value) => typeof value === 'object' && value !== null && 'prepare' in value,
  );

  beforeAll(async () => {
    const file = new URL('vote.ts', folder);
    await mkdir(folder, { recursive: true });
    await writeFile(file, (await printed())[EXAMPLE.length] ?? '');
    const module: unknown = await import(/* @vite-ignore */ pathToFileURL(file.pathname).href);
    ({ vote } = v.parse(v.object({ vote: isAction }), { ...Object(module) }));
  });

  beforeEach(() => {
    sdk.reset();
  });

  const taken = new ConditionalCheckFailedException({ message: 'taken', $metadata: {} });
  const command = { action: 'vote', data: { poll: 'drinks', option: 'tea' }, key: 'k' };

  it('is written and published once', async () => {
    sdk.on(PutItemCommand).resolves({});
    const { ask } = await conversation({ vote });

    expect(await ask(command)).toEqual({ event: 'vote', data: { option: 'tea' } });
    expect(await ask(command)).toEqual({ event: 'vote', data: { option: 'tea' } });
    expect(sdk.commandCalls(PutItemCommand)).toHaveLength(1);
    expect(await ask({ action: 'history', channel: 'poll:drinks' })).toMatchObject({
      messages: [{ data: { option: 'tea' } }],
    });
  });

  it('is refused if the user has voted', async () => {
    sdk.on(PutItemCommand).rejects(taken);
    const { ask } = await conversation({ vote });

    expect(await ask(command)).toMatchObject({ code: 'rejected', message: 'You have voted already.' });
  });

  it('fails when the table is out of reach, and runs again at the next repetition', async () => {
    sdk.on(PutItemCommand).rejectsOnce(new Error('throttled')).resolves({});
    const { ask } = await conversation({ vote });

    expect(await ask(command)).toMatchObject({ code: 'internal' });
    expect(await ask(command)).toEqual({ event: 'vote', data: { option: 'tea' } });
  });
});
