import { describe, expect, it } from 'vitest';
import { accessKeyOf } from '../../../packages/local/src/permissions/caller.ts';
import { Permissions } from '../../../packages/local/src/permissions/permissions.ts';
import { statementOf } from '../../../packages/local/src/permissions/statement.ts';

const read = { action: 'dynamodb:GetItem', resource: 'table' };
const write = { action: 'dynamodb:PutItem', resource: 'table' };

const signedBy = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/2026/x, SignedHeaders=host`;

/** A function that may read, and the log lines of the runtime. */
function reader() {
  const notes: string[] = [];
  const statements = [
    statementOf({ Effect: 'Allow', Action: ['dynamodb:Get*'], Resource: ['*'] }),
    statementOf({ Effect: 'Deny', Action: ['*'], Resource: ['secret'] }),
  ];
  const permissions = new Permissions(new Map([['Reader', { roleName: 'Role', statements }]]), (note) =>
    notes.push(note),
  );
  return { permissions, notes };
}

const byReader = signedBy(accessKeyOf('Reader'));

describe('permissions', () => {
  it('refuse no granted request', () => {
    const { permissions, notes } = reader();

    expect(permissions.refusalOf(byReader, () => [read])).toBeUndefined();
    expect(notes).toEqual([]);
  });

  it('refuse in the words of AWS, with the function, the action and the resource', () => {
    const user = 'User: arn:aws:sts::000000000000:assumed-role/Role/Reader is not authorized to perform:';
    const { permissions } = reader();

    expect(permissions.refusalOf(byReader, () => [read, write])).toBe(
      `${user} dynamodb:PutItem on resource: table because no identity-based policy allows the dynamodb:PutItem action`,
    );
    expect(permissions.refusalOf(byReader, () => [{ ...read, resource: 'secret' }])).toBe(
      `${user} dynamodb:GetItem on resource: secret with an explicit deny in an identity-based policy`,
    );
  });

  it('log each refusal once, also after repeated attempts', () => {
    const { permissions, notes } = reader();
    for (let attempt = 0; attempt < 3; attempt++) permissions.refusalOf(byReader, () => [write]);

    expect(notes).toEqual(['Refused: Reader may not dynamodb:PutItem table; its role is Role.']);
  });

  it('log a refusal again only after 10,000 others, so that ids in requests do not add up', () => {
    const { permissions, notes } = reader();
    const refuse = (resource: string) => permissions.refusalOf(byReader, () => [{ ...write, resource }]);
    const saidFirst = () => notes.filter((note) => note.includes('PutItem connection-0;')).length;
    for (let id = 0; id < 10_000; id++) refuse(`connection-${id}`);
    refuse('connection-0');
    const before = saidFirst();
    refuse('connection-10000');
    refuse('connection-0');

    expect([before, saidFirst()]).toEqual([1, 2]);
    expect(notes).toHaveLength(10_002);
  });

  it.each([
    ['developers', signedBy('local')],
    ['functions whose role is not known', signedBy(accessKeyOf('Stranger'))],
    ['those who sign nothing', undefined],
  ])('do not check %s', (_who, authorization) => {
    const { permissions } = reader();
    const needs = () => {
      throw new Error('asked');
    };

    expect(permissions.refusalOf(authorization, needs)).toBeUndefined();
  });

  it('decide anew on each request if a statement has a condition', () => {
    const statement = statementOf({
      Effect: 'Allow',
      Action: ['events:PutEvents'],
      Resource: ['*'],
      Condition: { StringEquals: { 'events:source': 'own' } },
    });
    const permissions = new Permissions(
      new Map([['Reader', { roleName: 'Role', statements: [statement] }]]),
      () => {},
    );
    const put = (source: string) =>
      permissions.refusalFor('Reader', [
        { action: 'events:PutEvents', resource: 'bus', context: { 'events:source': [source] } },
      ]);

    expect([put('own'), put('other'), put('own')]).toEqual([
      undefined,
      expect.stringContaining('events:PutEvents'),
      undefined,
    ]);
  });
});
