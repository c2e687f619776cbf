/** Events through the whole runtime: the API as the SDK calls it, rules, and functions that are their targets. */

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { does } from '../../fixtures/functions.ts';
import type { RuntimeOptions } from '../../runtime.ts';
import { serveFunctions } from '../serve-functions.ts';

const answer = v.object({
  FailedEntryCount: v.optional(v.number()),
  Entries: v.optional(v.array(v.record(v.string(), v.string())), []),
  __type: v.optional(v.string()),
});

/** As the SDK sends it, without a signature, which is not checked. */
async function putEvents(endpoint: string, Entries: readonly object[]) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSEvents.PutEvents' },
    body: JSON.stringify({ Entries }),
  });
  return { status: response.status, ...v.parse(answer, await response.json()) };
}

const arnOf = (functionName: string) => ({ 'Fn::GetAtt': [functionName, 'Arn'] });

const rule = (properties: object) => ({ Type: 'AWS::Events::Rule', Properties: properties });

const entry = (changes: object = {}) => ({
  Source: 'app',
  DetailType: 'Happened',
  Detail: '{"n":1}',
  ...changes,
});

/** Functions that print what they get, and rules. */
async function serveRules(rules: object, options: RuntimeOptions = {}) {
  const prints = does("console.log('Work ' + JSON.stringify(event));");
  const { runtime, output } = await serveFunctions(
    { Work: prints, Other: prints.replace("'Work ", "'Other ") },
    rules,
    options,
  );
  return { runtime, endpoint: runtime.urls.eventBridge, output };
}

const toWork = { Targets: [{ Id: 'T', Arn: arnOf('Work') }] };

describe('an event', () => {
  it('reaches the functions whose rules match, in the form of EventBridge', async () => {
    const { endpoint, output } = await serveRules({
      Wants: rule({ EventPattern: { source: ['app'], detail: { n: [1] } }, ...toWork }),
      Spurns: rule({ EventPattern: { detail: { n: [2] } }, Targets: [{ Id: 'T', Arn: arnOf('Other') }] }),
    });
    const Time = Date.parse('2026-01-31T12:00:00.900Z') / 1000;
    const { status, FailedEntryCount, Entries } = await putEvents(endpoint, [
      entry({ Time, Resources: ['r'] }),
    ]);

    expect([status, FailedEntryCount]).toEqual([200, 0]);
    expect(JSON.parse((await output.next()).replace('Work ', ''))).toEqual({
      version: '0',
      id: Entries[0]?.['EventId'],
      'detail-type': 'Happened',
      source: 'app',
      account: '000000000000',
      time: '2026-01-31T12:00:00Z',
      region: 'us-east-1',
      resources: ['r'],
      detail: { n: 1 },
    });
  });

  it.each([
    ['its name', { Ref: 'Bus' }],
    ['its ARN', { 'Fn::GetAtt': ['Bus', 'Arn'] }],
  ])(
    'of another bus reaches only the rules of that bus, which name it by %s',
    async (_what, EventBusName) => {
      const names: string[] = [];
      const { runtime, endpoint } = await serveRules(
        {
          Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'my-bus' } },
          Mine: rule({ EventBusName, EventPattern: { source: ['app'] }, ...toWork }),
          Default: rule({ EventPattern: { source: ['app'] }, Targets: [{ Id: 'T', Arn: arnOf('Other') }] }),
        },
        { onInvoked: (name) => names.push(name) },
      );
      await putEvents(endpoint, [entry({ EventBusName: 'my-bus' })]);
      await runtime.idle();
      await putEvents(endpoint, [entry({ EventBusName: 'default' })]);
      await runtime.idle();

      expect(names).toEqual(['Work', 'Other']);
    },
  );

  it('is tried again when its function fails', async () => {
    const names: string[] = [];
    const { runtime } = await serveFunctions(
      { Work: does("throw new Error('bad');") },
      { Rule: rule({ EventPattern: { source: ['app'] }, ...toWork }) },
      { onInvoked: (name) => names.push(name) },
    );
    await putEvents(runtime.urls.eventBridge, [entry()]);
    await runtime.idle();

    expect(names).toEqual(['Work', 'Work', 'Work']);
  });

  it('reaches no function by a disabled rule', async () => {
    const names: string[] = [];
    const { runtime, endpoint } = await serveRules(
      { Rule: rule({ EventPattern: { source: ['app'] }, State: 'DISABLED', ...toWork }) },
      { onInvoked: (name) => names.push(name) },
    );
    await putEvents(endpoint, [entry()]);
    await runtime.idle();

    expect(names).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['a constant', { Input: '{"constant":true}' }, '{"constant":true}'],
    ['a part of it', { InputPath: '$.detail' }, '{"n":1}'],
    [
      'what a template makes of it',
      {
        InputTransformer: {
          InputPathsMap: { n: '$.detail.n', what: '$.detail-type' },
          InputTemplate: '{"text":"<what> <n> by <aws.events.rule-name>","n":<n>}',
        },
      },
      '{"text":"Happened 1 by Rule","n":1}',
    ],
  ])('may reach a target as %s', async (_what, input, json) => {
    const { endpoint, output } = await serveRules({
      Rule: rule({ EventPattern: { source: ['app'] }, Targets: [{ Id: 'T', Arn: arnOf('Work'), ...input }] }),
    });
    await putEvents(endpoint, [entry()]);

    expect(await output.next()).toBe(`Work ${json}`);
  });

  it('may come from a function, which finds the API by its variable', async () => {
    const send = `await fetch(process.env.AWS_ENDPOINT_URL_EVENTBRIDGE, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: [{ Source: 'app', DetailType: 'T', Detail: '{}' }] }),
    });`;
    const names: string[] = [];
    const { runtime } = await serveFunctions(
      { Tell: does(send), Work: does('') },
      { Rule: rule({ EventPattern: { source: ['app'] }, ...toWork }) },
      { onInvoked: (name) => names.push(name) },
    );
    await runtime.functions.invoke('Tell', {});
    await runtime.idle();

    // The event may be handled before its sender has returned.
    expect(names.toSorted()).toEqual(['Tell', 'Work']);
  });
});

describe('PutEvents', () => {
  it('has a result for each entry', async () => {
    const { endpoint } = await serveRules({});
    const { status, FailedEntryCount, Entries } = await putEvents(endpoint, [
      entry({ Detail: '{' }),
      entry(),
      entry({ Source: undefined }),
      entry({ Detail: undefined }),
      entry({ DetailType: '' }),
      entry({ Source: 'aws.ec2' }),
      entry({ Detail: '[]' }),
      entry({ EventBusName: 'nowhere' }),
      entry({ Time: 1e300 }),
    ]);

    expect([status, FailedEntryCount]).toEqual([200, 8]);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'MalformedDetail',
      undefined,
      'InvalidArgument',
      'InvalidArgument',
      'InvalidArgument',
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'InvalidArgument',
      'InvalidArgument',
    ]);
  });

  it.each(['590518626939830271', '1e400', '0.1000000000000000055511151231257827'])(
    'refuses a number that the JavaScript of a target would change in silence: %s',
    async (number) => {
      const { endpoint } = await serveRules({});
      const { FailedEntryCount, Entries } = await putEvents(endpoint, [
        entry({ Detail: `{"a":[${number}]}` }),
        entry({ Detail: `{"a":["${number}"]}` }),
      ]);

      expect(FailedEntryCount).toBe(1);
      expect(Entries[0]).toMatchObject({
        ErrorCode: 'InvalidArgument',
        ErrorMessage: expect.stringContaining(`The number ${number} would not arrive as it was sent`),
      });
    },
  );

  const withDetailOf = (bytes: number) =>
    entry({ Detail: JSON.stringify('x'.repeat(bytes)).replace(/.*/, '{"a":$&}') });
  const MEGABYTE = 1024 * 1024;
  /** The parts of the entry beside the text in its detail: `{"a":""}`, and source and type. */
  const REST = 8 + 'app'.length + 'Happened'.length;

  it.each<[string, readonly object[], number]>([
    ['ten entries', Array(10).fill(entry()), 200],
    ['eleven entries', Array(11).fill(entry()), 400],
    ['no entry', [], 400],
    ['a megabyte', [withDetailOf(MEGABYTE - REST)], 200],
    ['more than a megabyte', [withDetailOf(MEGABYTE - REST + 1)], 400],
    ['more than a megabyte in two entries', [withDetailOf(MEGABYTE - REST), entry()], 400],
    ['no texts', [entry({ Source: 7 })], 400],
  ])('with %s', async (_what, entries, status) => {
    const { endpoint } = await serveRules({});
    const { status: answered, __type } = await putEvents(endpoint, entries);

    expect([answered, __type]).toEqual([status, status === 200 ? undefined : 'ValidationException']);
  });

  it('is refused to web pages', async () => {
    const { endpoint } = await serveRules({});
    const headers = { 'Content-Type': 'text/plain', 'X-Amz-Target': 'AWSEvents.PutEvents' };
    const response = await fetch(endpoint, { method: 'POST', headers, body: '{"Entries":[]}' });

    expect(response.status).toBe(415);
  });
});

describe('a target that the runtime leaves out', () => {
  it('is named at start', async () => {
    const notes: string[] = [];
    await serveRules(
      {
        Destination: { Type: 'AWS::Events::ApiDestination' },
        Connection: { Type: 'AWS::Events::Connection' },
        Rule: rule({
          EventPattern: { source: ['app'] },
          Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Destination', 'Arn'] } }],
        }),
        Daily: rule({ ScheduleExpression: 'cron(0 12 * * ? *)', ...toWork }),
      },
      { onNote: (note) => notes.push(note) },
    );

    expect(notes).toEqual([
      'The rule Rule has the target arn:aws:events:us-east-1:000000000000:api-destination/Destination, which gets nothing here: it is no function of the template.',
      'The rule Daily has the schedule cron(0 12 * * ? *), which does not run here: it is no rate.',
    ]);
  });
});
