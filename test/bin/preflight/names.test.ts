import { describe, expect, it } from 'vitest';
import { found } from './accounts.ts';

const NAME = 'Fanfare-prod-deliver';
const SECRET = 'Fanfare-prod/origin-key-1';
const fixedNames = [
  { type: 'AWS::Lambda::Function', name: NAME },
  { type: 'AWS::SecretsManager::Secret', name: SECRET },
] as const;
const functions = new Map([[NAME, 0]]);

function resource(physicalId: string, type: string) {
  return { logicalId: 'It', physicalId, type, status: 'CREATE_COMPLETE' };
}

describe('preflight, about names that exist already', () => {
  it('refuses a function with a name that the template spells out', () => {
    expect(found('name', { functions }, { fixedNames })).toMatchObject([
      {
        severity: 'refuses',
        sentence: expect.stringContaining(`A function ${NAME} exists in eu-central-1`),
        remedy: expect.stringContaining(`\`aws lambda delete-function --function-name ${NAME} `),
      },
    ]);
  });

  it('accepts functions of the stack, and names that are free', () => {
    const resources = [resource(NAME, 'AWS::Lambda::Function')];

    expect(found('name', { functions, resources }, { fixedNames })).toEqual([]);
    expect(found('name', {}, { fixedNames })).toEqual([]);
    expect(found('name', { functions })).toEqual([]);
  });

  it.each([
    [false, 'exists'],
    [true, 'is about to be deleted'],
  ])('refuses a secret with such a name (being deleted: %j)', (isBeingDeleted, state) => {
    const secrets = [{ name: SECRET, isBeingDeleted }];

    expect(found('name', { secrets }, { fixedNames })).toMatchObject([
      { severity: 'refuses', sentence: expect.stringContaining(`A secret ${SECRET} ${state}`) },
    ]);
  });

  it('recognizes the secrets of the stack by their ARNs', () => {
    const secrets = [{ name: SECRET, isBeingDeleted: false }];
    const arn = `arn:aws:secretsmanager:eu-central-1:111111111111:secret:${SECRET}-AbC1d2`;
    const resources = [resource(arn, 'AWS::SecretsManager::Secret')];

    expect(found('name', { secrets, resources }, { fixedNames })).toEqual([]);
  });

  it('notes a secret of an earlier deployment that blocks nothing', () => {
    const secrets = [{ name: 'Fanfare-prod/token-secret', isBeingDeleted: false }];

    expect(found('name', { secrets }, { fixedNames })).toMatchObject([{ severity: 'note' }]);
  });
});

describe('preflight, about what stays', () => {
  it('notes tables without deletion protection, and the command', () => {
    expect(found('tables', { unprotectedTables: [] })).toEqual([]);
    expect(found('tables', { unprotectedTables: ['a', 'b'] })).toMatchObject([
      {
        severity: 'note',
        sentence: expect.stringMatching(/^2 tables /),
        remedy: expect.stringContaining('`npm run -s protect -- --stage prod`'),
      },
    ]);
  });

  it('notes the cost of a new key once', () => {
    const resources = [resource('1234', 'AWS::KMS::Key')];

    expect(found('key', {}, { makesKey: true })).toMatchObject([{ severity: 'note' }]);
    expect(found('key', { resources }, { makesKey: true })).toEqual([]);
    expect(found('key', {}, { makesKey: false })).toEqual([]);
  });
});

describe('preflight, about regions', () => {
  const url = { hasFunctionUrl: true };
  const edge = { edge: { stackName: 'Fanfare-prod-edge', region: 'us-east-1', bootstrapVersion: 0 } };

  it('says nothing about a region that has everything', () => {
    expect(found('region', {}, { ...url, ...edge, recursiveFunctions: 2 }, 'eu-central-1')).toEqual([]);
  });

  it.each(['eu-south-2', 'ca-west-1', 'cn-north-1'])(
    'refuses a fallback in %s, without function URLs',
    (name) => {
      const refusals = (needs: object) =>
        found('region', {}, needs, name).filter(({ severity }) => severity === 'refuses');

      expect(refusals(url)).toMatchObject([{ sentence: expect.stringContaining('no function URLs') }]);
      expect(refusals({ hasFunctionUrl: false })).toEqual([]);
    },
  );

  it.each(['cn-northwest-1', 'us-gov-west-1'])(
    'refuses an edge beside %s, which is in another partition',
    (name) => {
      expect(found('region', {}, edge, name)).toMatchObject([{ severity: 'refuses' }, ...china(name)]);
      expect(found('region', {}, {}, name)).toMatchObject(china(name));
    },
  );

  it('names what China asks for besides', () => {
    const sentences = found('region', {}, { recursiveFunctions: 2 }, 'cn-north-1').map(
      ({ sentence }) => sentence,
    );

    expect(sentences).toEqual([
      expect.stringContaining('ICP licence'),
      expect.stringContaining('recursive loops'),
    ]);
  });
});

function china(name: string) {
  return name.startsWith('cn-') ? [{ severity: 'starves' }] : [];
}
