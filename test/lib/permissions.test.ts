import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type FunctionManifest, functionNames, manifest } from '../../lambdas/manifest.ts';
import { declaredPermissions, roleOf } from './declared-permissions.ts';
import { grantedPermissions } from './granted-permissions.ts';
import { deploymentNames, deployments, stacksOf } from './template.ts';

const byTrigger = (kind: string) =>
  functionNames.filter((name) => {
    const { trigger }: FunctionManifest = manifest[name];
    return trigger.kind === kind;
  });

describe.each(deploymentNames)('permissions of %s', (deployment) => {
  const { backend } = stacksOf(deployments[deployment]);
  const template = Template.fromStack(backend);
  const granted = grantedPermissions(template);

  it.each(functionNames)('let %s do what its manifest declares, and nothing else', (name) => {
    const role = roleOf(backend, name);
    const sentences = granted
      .filter((permission) => permission.role === role)
      .map(({ sentence }) => sentence);

    expect(sentences.toSorted()).toEqual(declaredPermissions(backend, name).toSorted());
  });

  it('are of functions only', () => {
    const roles = new Set(functionNames.map((name) => roleOf(backend, name)));

    expect(granted.filter(({ role }) => !roles.has(role))).toEqual([]);
  });

  it('never have a wildcard in an action', () => {
    expect(granted.filter(({ action }) => action.includes('*'))).toEqual([]);
  });

  it('have a wildcard in a resource only where connections are named, which exist only later', () => {
    const wide = granted.filter(({ resource }) => resource.includes('*'));

    expect(wide.filter(({ resource }) => !/\/(POST|DELETE)\/@connections\/\*$/.test(resource))).toEqual([]);
  });

  it('to read a secret are the authorizer’s alone', () => {
    const readers = granted.filter(({ action }) => action.startsWith('secretsmanager:'));

    expect(new Set(readers.map(({ role }) => role))).toEqual(new Set([roleOf(backend, 'authorize')]));
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  });

  it('come from no managed policy and none within a role, save the one that API Gateway writes logs by', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role'));
    const others = roles.filter(([, { Properties }]) => Properties.ManagedPolicyArns || Properties.Policies);

    expect(others.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(
      deployments[deployment].gatewayLogRole === 'create' ? ['GatewayLogRole'] : [],
    );
  });

  it('are lent to services only: Lambda for functions, API Gateway for its logs', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role'));

    for (const [id, { Properties }] of roles) {
      const Service = `${id.startsWith('GatewayLogRole') ? 'apigateway' : 'lambda'}.amazonaws.com`;
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service } },
      ]);
    }
  });

  it('let the gateway invoke each function for its own route, the authorizer for itself, and nobody anything else', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    const invoked = permissions.map(({ Properties: { Principal, FunctionName, SourceArn } }) => {
      const [name] = FunctionName['Fn::GetAtt'][0].split('Function');
      return `${Principal} ${name} ${JSON.stringify(SourceArn).match(/\/\*\$\w+|\/authorizers\//)?.[0]}`;
    });

    const expected = [
      ...byTrigger('route').map((name) => `apigateway.amazonaws.com ${name} /*$${name}`),
      ...byTrigger('authorizer').map((name) => `apigateway.amazonaws.com ${name} /authorizers/`),
    ];
    expect(invoked.toSorted()).toEqual(expected.toSorted());
    template.resourceCountIs('AWS::Lambda::Url', 0);
  });
});
