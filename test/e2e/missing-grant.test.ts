/** A backend whose stack forgets one grant fails here, and not in production. */

import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseTemplate, type Template } from '../../packages/local/src/template/cloud-formation.ts';
import { keptAssembly } from '../kept-assembly.ts';
import { Client } from '../local/client.ts';
import { startRuntime } from '../runtime.ts';

const ACTION = 'dynamodb:UpdateItem';

const listOf = <Schema extends v.GenericSchema>(item: Schema) =>
  v.pipe(
    v.union([v.array(item), item]),
    v.transform((value) => [value].flat()),
  );

const statement = v.looseObject({ Action: listOf(v.string()), Resource: listOf(v.unknown()) });

type Statement = v.InferOutput<typeof statement>;

const policy = v.looseObject({
  Roles: v.array(v.object({ Ref: v.string() })),
  PolicyDocument: v.looseObject({ Statement: v.array(statement) }),
});

const withRole = v.looseObject({ Role: v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.string()]) }) });

/** The logical id that begins so, and goes on with a hash. */
function idOf({ Resources }: Template, type: string, beginning: string): string {
  const ids = Object.keys(Resources).filter(
    (id) => Resources[id]?.Type === type && id.replace(/[0-9A-F]{8}$/, '') === beginning,
  );
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

/** The same, but for this action on this table. */
function narrowed(written: Statement, action: string, table: string): readonly Statement[] {
  const isTable = (resource: unknown) => JSON.stringify(resource).includes(`"${table}"`);
  const tables = written.Resource.filter(isTable);
  if (!written.Action.includes(action) || tables.length === 0) return [written];
  return [
    { ...written, Resource: written.Resource.filter((resource) => !isTable(resource)) },
    { ...written, Action: written.Action.filter((one) => one !== action), Resource: tables },
  ];
}

/** The template, in which this role may not do this to this table. */
function without(template: Template, role: string, action: string, table: string): Template {
  const Resources = structuredClone(template.Resources);
  let narrowings = 0;
  for (const resource of Object.values(Resources)) {
    if (resource.Type !== 'AWS::IAM::Policy') continue;
    const properties = v.parse(policy, resource.Properties);
    if (!properties.Roles.some(({ Ref }) => Ref === role)) continue;
    const { Statement } = properties.PolicyDocument;
    properties.PolicyDocument.Statement = Statement.flatMap((one) => narrowed(one, action, table));
    narrowings += properties.PolicyDocument.Statement.length - Statement.length;
    resource.Properties = properties;
  }
  expect(narrowings).toBe(1);
  return parseTemplate({ ...template, Resources });
}

describe('a stack that forgets one grant', () => {
  it('fails at the first publication, and names function, action and resource', async () => {
    const notes: string[] = [];
    let expected = '';
    const runtime = await startRuntime({
      async assemble() {
        const assembly = await keptAssembly();
        const { template } = assembly;
        const functionId = idOf(template, 'AWS::Lambda::Function', 'defaultFunction');
        const table = idOf(template, 'AWS::DynamoDB::GlobalTable', 'StorageChannels');
        const { Role } = v.parse(withRole, template.Resources[functionId]?.Properties);
        const [role] = Role['Fn::GetAtt'];
        expected = `Refused: ${functionId} may not ${ACTION} arn:aws:dynamodb:us-east-1:000000000000:table/${table}; its role is ${role}.`;
        return { ...assembly, template: without(template, role, ACTION, table) };
      },
      onNote: (note) => notes.push(note),
    });
    onTestFinished(() => runtime.close());
    const client = await Client.open(runtime.urls.websocket, ['fanfare.v1']);
    const reply = await client.ask({ action: 'publish', channel: 'open:lobby', data: 'hello', id: 1 });

    expect(reply).toMatchObject({ event: 'error', id: 1, status: 500 });
    expect(notes).toEqual([expected]);
  });
});

describe('the stack as it is', () => {
  it('grants all that a publication needs', async () => {
    const notes: string[] = [];
    const runtime = await startRuntime({ onNote: (note) => notes.push(note) });
    onTestFinished(() => runtime.close());
    const client = await Client.open(runtime.urls.websocket, ['fanfare.v1']);
    const reply = await client.ask({ action: 'publish', channel: 'open:lobby', data: 'hello', id: 1 });

    expect(reply).toMatchObject({ event: 'published', id: 1 });
    expect(notes).toEqual([]);
  });
});
