/** The configurations of `docs/your-rules.md` and `docs/your-issuer.md` do what the pages say, as they are printed. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import * as v from 'valibot';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { issuers } from '../../lambdas/identity/issuer.ts';
import { NotAdmitted } from '../../lambdas/identity/not-admitted.ts';
import { tokenVerifier } from '../../lambdas/identity/token-verifier.ts';
import { claimMapper } from '../../lambdas/own-logic/connecting.ts';
import type { FanfareConfig, StageInfo } from '../../lambdas/realtime/access/namespaces.ts';
import { open } from '../../lambdas/realtime/connections/membership.ts';
import { checkConfig } from '../../lib/settings/check-config.ts';
import { claimsFixture, NOW as ISSUED, rsaKey, sign, startProvider } from '../lambdas/identity/provider.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { memoryPorts } from '../memory/memory-ports.ts';
import { oneSecret } from '../memory/one-secret.ts';
import { blocksOf } from './snippets/blocks.ts';

const ROOT_URL = new URL('../../', import.meta.url);

/** Inside of the project, so that the names of packages lead where they lead in a checkout. */
const folder = new URL(`.local/your-rules-${process.pid}/`, ROOT_URL);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The module that stands in a block of a page. */
async function moduleOf(
  page: string,
  index: number,
  before = '',
  behind = '',
): Promise<Record<string, unknown>> {
  const blocks = blocksOf(page, await readFile(new URL(page, ROOT_URL), 'utf8'));
  const code = blocks.filter(({ language }) => language === 'ts')[index]?.code ?? '';
  const file = new URL(`${page.replaceAll('/', '-')}-${index}.ts`, folder);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${before}${code}${behind}`);
  return import(/* @vite-ignore */ pathToFileURL(file.pathname).href);
}

const isConfig = v.custom<(stage: StageInfo) => FanfareConfig>((value) => typeof value === 'function');

async function configOf(page: string, index: number): Promise<FanfareConfig> {
  const { default: config } = v.parse(v.object({ default: isConfig }), { ...(await moduleOf(page, index)) });
  checkConfig(config, { local: true });
  return config({ local: true });
}

const RULES = 'docs/your-rules.md';
const ISSUER = 'docs/your-issuer.md';

const ann = sessionFixture({ user: 'ann' });

async function conversation(config: FanfareConfig) {
  const ports = memoryPorts();
  await open(ports, config, ann);
  const ask = async (command: object): Promise<unknown> =>
    JSON.parse(await answer(JSON.stringify(command), ann, actionContext(config, ports)));
  return { ports, ask };
}

describe('the rule about messages', () => {
  it.each([
    [{ text: 'x'.repeat(500) }, { event: 'published' }],
    [
      { text: 'x'.repeat(501) },
      { code: 'rejected', status: 422, message: 'A message has at most 500 characters.' },
    ],
    [{ text: ' ' }, { code: 'rejected', status: 422, message: 'data.text: Write something.' }],
    ['text', { code: 'rejected', status: 422 }],
  ])('answers %j', async (data, reply) => {
    const { ask } = await conversation(await configOf(RULES, 0));

    expect(await ask({ action: 'publish', channel: 'chat:a', data })).toMatchObject(reply);
  });

  it('publishes what the schema and the handler return', async () => {
    const { ask } = await conversation(await configOf(RULES, 0));

    await ask({ action: 'publish', channel: 'chat:a', data: { text: ' hello ', more: 1 } });

    expect(await ask({ action: 'history', channel: 'chat:a' })).toMatchObject({
      messages: [{ data: { text: 'hello', author: 'ann' } }],
    });
  });
});

describe('the rule about subscriptions', () => {
  const sdk = mockClient(DynamoDBClient);

  beforeEach(() => {
    sdk.reset();
  });

  it('lets members of the room in, by the table of the application', async () => {
    const { ask } = await conversation(await configOf(RULES, 1));
    const ofAnn = { Key: { room: { S: 'room:ours' }, user: { S: 'ann' } } };
    sdk.on(GetItemCommand).resolves({});
    sdk.on(GetItemCommand, ofAnn).resolves({ Item: ofAnn.Key });

    expect(await ask({ action: 'subscribe', channel: 'room:ours' })).toMatchObject({ event: 'subscribed' });
    for (const action of ['subscribe', 'history', 'members'])
      expect(await ask({ action, channel: 'room:theirs' })).toMatchObject({
        code: 'forbidden',
        message: 'This room is for its members.',
      });
  });

  it('lets nothing in when the table is out of reach', async () => {
    const { ask, ports } = await conversation(await configOf(RULES, 1));
    sdk.on(GetItemCommand).rejects(new Error('throttled'));

    expect(await ask({ action: 'subscribe', channel: 'room:ours' })).toMatchObject({ code: 'internal' });
    expect(ports.logged).toEqual([expect.stringContaining('onSubscribe of room:ours threw an error')]);
  });
});

describe('the budgets', () => {
  it('are ones that a namespace may have', async () => {
    const { budgetMs } = await moduleOf(RULES, 2, 'export ');
    const { namespaces, builtIn } = await configOf(RULES, 0);
    const config = {
      namespaces: Object.assign({}, namespaces, { chat: { ...namespaces['chat'], budgetMs } }),
      builtIn,
    };

    expect(() => checkConfig(() => config, { local: true })).not.toThrow();
  });
});

describe('your issuer', () => {
  const key = rsaKey('first');

  it('is written as the settings of a stage take it, and its access tokens are accepted', async () => {
    const {
      settings: { tokens },
    } = v.parse(
      v.object({ settings: v.object({ tokens: v.object({ issuers, clockSkewSeconds: v.number() }) }) }),
      {
        ...(await moduleOf(ISSUER, 0, 'export const settings = {', '};')),
      },
    );
    const provider = await startProvider(key);
    const [issuer] = tokens.issuers;
    if (!issuer) throw new Error('The page names no issuer');
    const verify = tokenVerifier({
      audience: 'prod',
      secrets: oneSecret(''),
      issuers: [{ ...issuer, jwksUrl: provider.issuer.jwksUrl }],
      clockSkewSeconds: tokens.clockSkewSeconds,
      now: () => ISSUED * 1000,
      mapClaims: claimMapper(await configOf(ISSUER, 1)),
    });
    const verified = async (more: object) => {
      const claims = {
        iss: issuer.issuer,
        aud: undefined,
        client_id: '1example23456789',
        username: 'ann',
        ...more,
      };
      return verify(await sign(key, claimsFixture(claims)));
    };

    expect(await verified({ 'cognito:groups': ['staff'] })).toMatchObject({
      user: 'ann',
      grants: { 'chat:*': ['subscribe', 'publish', 'members'], 'staff:*': ['subscribe'] },
      info: { name: 'ann' },
    });
    expect((await verified({})).grants).not.toHaveProperty('staff:*');
    await expect(verified({ username: undefined })).rejects.toEqual(
      new NotAdmitted('unauthenticated', 'This needs an access token.'),
    );
    await expect(verified({ aud: '1example23456789' })).rejects.toThrow('claim aud');
    await provider.close();
  });
});
