import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import config from '../../fanfare.config.ts';
import { packedNamespaces } from '../../lambdas/realtime/access/namespaces.ts';
import { stageInfo } from '../../lambdas/realtime/access/stage-info.ts';
import { deployedFunctions } from '../../lib/settings/deployed-functions.ts';
import { declaredPermissions, roleOf } from './declared-permissions.ts';
import { grantedPermissions } from './granted-permissions.ts';
import { declaredInvocations, grantedInvocations } from './invocations.ts';
import { deploymentNames, deployments, stacksOf } from './template.ts';

describe.each(deploymentNames)('permissions of %s', (deployment) => {
  const { backend } = stacksOf(deployments[deployment]);
  const template = Template.fromStack(backend);
  const granted = grantedPermissions(template);
  const names = deployedFunctions(
    deployments[deployment],
    packedNamespaces(config(stageInfo(deployments[deployment].name))),
  );

  it.each(names)('let %s do exactly what its manifest declares', (name) => {
    const role = roleOf(backend, name);
    const sentences = granted
      .filter((permission) => permission.role === role)
      .map(({ sentence }) => sentence);

    expect(sentences.toSorted()).toEqual(
      declaredPermissions(backend, name, deployments[deployment]).toSorted(),
    );
  });

  const waysOf = (name: 'connect' | 'close-expired' | 'revoke') =>
    granted
      .filter(
        ({ role, action }) => role === roleOf(backend, name) && action === 'execute-api:ManageConnections',
      )
      .map(({ resource }) => resource.replace(/^.*\/(?=[A-Z]+\/@)/, ''))
      .toSorted();

  it.each(['close-expired', 'revoke'] as const)('let %s close connections, and post nothing', (name) => {
    expect(waysOf(name)).toEqual(['DELETE/@connections/*']);
  });

  it('let connect close connections, post to those of a user who has too many, and look up no address', () => {
    expect(waysOf('connect')).toEqual(['DELETE/@connections/*', 'POST/@connections/*']);
  });

  it('let functions that publish put values, those that answer readers query them, and no function do more', () => {
    const ofValues = granted.filter(({ resource }) => resource.includes('StorageValues'));
    const rolesOf = (wanted: readonly (typeof names)[number][]) =>
      wanted.filter((name) => names.includes(name)).map((name) => roleOf(backend, name));
    const withAction = (action: string) =>
      ofValues.filter((one) => one.action === action).map(({ role }) => role);

    expect(withAction('dynamodb:PutItem').toSorted()).toEqual(
      rolesOf(['default', 'fallback', 'api', 'publish-event']).toSorted(),
    );
    expect(withAction('dynamodb:Query').toSorted()).toEqual(
      rolesOf(['default', 'fallback', 'api']).toSorted(),
    );
    expect(new Set(ofValues.map(({ action }) => action))).toEqual(
      new Set(['dynamodb:PutItem', 'dynamodb:Query']),
    );
  });

  it('are of functions only', () => {
    const roles = new Set(names.map((name) => roleOf(backend, name)));

    expect(granted.filter(({ role }) => !roles.has(role))).toEqual([]);
  });

  it('never have a wildcard in an action', () => {
    expect(granted.filter(({ action }) => action.includes('*'))).toEqual([]);
  });

  it('have a wildcard in a resource only for connections, which exist only later', () => {
    const wide = granted.filter(({ resource }) => resource.includes('*'));

    expect(wide.filter(({ resource }) => !/\/(POST|DELETE)\/@connections\/\*$/.test(resource))).toEqual([]);
  });

  it('to read the token secret are only of functions that check tokens, and to read other secrets only of functions in front of clients', () => {
    const readers = granted.filter(({ action }) => action.startsWith('secretsmanager:'));
    const secretOfTokens = readers.filter(({ resource }) => /^<TokensSecret[0-9A-F]{8}>$/.test(resource));
    const others = readers.filter((reader) => !secretOfTokens.includes(reader));
    const doors = (['authorize', 'fallback'] as const)
      .filter((name) => names.includes(name))
      .map((name) => roleOf(backend, name));

    expect(secretOfTokens.map(({ role }) => role).toSorted()).toEqual(
      [...doors, roleOf(backend, 'authorize-api')].toSorted(),
    );
    expect(others.filter(({ role }) => !doors.includes(role))).toEqual([]);
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  });

  it('come from no managed policy and no inline policy of a role, except the one with which API Gateway writes logs', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role'));
    const others = roles.filter(([, { Properties }]) => Properties.ManagedPolicyArns || Properties.Policies);

    expect(others.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(
      deployments[deployment].gatewayLogRole === 'create' ? ['GatewayLogRole'] : [],
    );
  });

  it('belong to roles that only Lambda and, for logs, API Gateway may assume', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role'));

    expect(roles.length).toBeGreaterThanOrEqual(names.length);
    for (const [id, { Properties }] of roles) {
      const Service = `${id.startsWith('GatewayLogRole') ? 'apigateway' : 'lambda'}.amazonaws.com`;
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service } },
      ]);
    }
  });

  it('let only the gateway, by routes and authorizers, rules, by their events, and clients, by the one URL, invoke functions', () => {
    expect(grantedInvocations(template).toSorted()).toEqual(declaredInvocations(backend).toSorted());
    template.resourceCountIs('AWS::Lambda::Url', names.includes('fallback') ? 1 : 0);
  });
});
