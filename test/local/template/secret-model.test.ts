import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';
import { functionResource } from '../serve-functions.ts';

const read = (resources: object) => readAppModel(parseTemplate(webSocketTemplate({}, resources)));

const secret = (properties: object) => ({
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: properties },
});

/** The value of a function's variable that contains this reference. */
function told(reference: object, resources: object) {
  const { Properties, ...rest } = functionResource('code');
  const Reader = { ...rest, Properties: { ...Properties, Environment: { Variables: { TOLD: reference } } } };
  return read({ Reader, ...resources }).functions[0]?.variables['TOLD'];
}

const generated = { GenerateSecretString: {} };

describe('the secrets of a template', () => {
  it('are written out, or generated', () => {
    const as = { PasswordLength: 64, SecretStringTemplate: '{"user":"ann"}', GenerateStringKey: 'password' };
    const { secrets } = read({
      Written: secret({ SecretString: 'hunter2' }).Secret,
      Generated: secret({ GenerateSecretString: as, KmsKeyId: { 'Fn::Unheard': 1 } }).Secret,
    });

    expect(secrets.map(({ value }) => value)).toEqual([
      { kind: 'written', text: 'hunter2' },
      { kind: 'generated', as },
    ]);
  });

  it.each([
    ['its logical id', generated, 'Secret'],
    ['its own name', { ...generated, Name: 'stage/token' }, 'stage/token'],
    [
      'a name that is put together',
      { ...generated, Name: { 'Fn::Join': ['/', [{ Ref: 'AWS::Region' }, 'token']] } },
      'us-east-1/token',
    ],
  ])('are known by %s, and referred to by an ARN', (_what, properties, name) => {
    const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-AbCdEf`;
    const resources = secret(properties);

    expect(read(resources).secrets).toMatchObject([{ name, arn }]);
    expect(told({ Ref: 'Secret' }, resources)).toBe(arn);
    expect(told({ 'Fn::Sub': `<\${Secret}>` }, resources)).toBe(`<${arn}>`);
  });

  it('may have policies, rotation, keys and their names, which have no effect here', () => {
    const resources = {
      ...secret({ ...generated, KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } }),
      Policy: { Type: 'AWS::SecretsManager::ResourcePolicy' },
      Rotation: { Type: 'AWS::SecretsManager::RotationSchedule' },
      Key: { Type: 'AWS::KMS::Key' },
      Alias: { Type: 'AWS::KMS::Alias' },
    };

    expect(read(resources).secrets).toHaveLength(1);
    expect(told({ Ref: 'Key' }, resources)).toBe('Key');
    expect(told({ 'Fn::GetAtt': ['Key', 'Arn'] }, resources)).toBe(
      'arn:aws:kms:us-east-1:000000000000:key/Key',
    );
  });

  it.each([
    ['no value', {}],
    ['two values', { SecretString: 'hunter2', GenerateSecretString: {} }],
    ['a template without a key', { GenerateSecretString: { SecretStringTemplate: '{"p":"hunter2"}' } }],
    ['a key without a template', { GenerateSecretString: { GenerateStringKey: 'password' } }],
    [
      'a template that is no JSON',
      { GenerateSecretString: { SecretStringTemplate: '{hunter2', GenerateStringKey: 'p' } },
    ],
    [
      'a template that is no object',
      { GenerateSecretString: { SecretStringTemplate: '["hunter2"]', GenerateStringKey: 'p' } },
    ],
    ['a value that is no text', { SecretString: { password: 'hunter2' } }],
    ['a value that is a number', { SecretString: 4711 }],
    ['a value in a list', { SecretString: ['hunter2'] }],
    ['a value that does not join', { SecretString: { 'Fn::Join': ['', [['hunter2']]] } }],
    ['a value where a list belongs', { SecretString: { 'Fn::Join': ['', 'hunter2'] } }],
    ['a property that is not known', { GenerateSecretString: { Length: 3 } }],
    ['a length of nothing', { GenerateSecretString: { PasswordLength: 0 } }],
  ])('refuse %s, without printing the value', (_what, properties) => {
    expect(() => read(secret(properties))).toThrow(StartError);
    expect(() => read(secret(properties))).not.toThrow(/hunter2|4711/);
  });
});
