/** The functions that run handlers of the configuration, as one principal: a grant to it is a grant to the role of each. */

import {
  type AddToPrincipalPolicyResult,
  type IGrantable,
  type IPrincipal,
  type PolicyStatement,
  PrincipalPolicyFragment,
} from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { DependencyGroup } from 'constructs';
import { type FunctionName, manifest } from '../../lambdas/manifest/manifest.ts';
import { tableVariable } from '../../lambdas/own-logic/own-table.ts';
import { SettingError } from '../settings/setting-error.ts';
import type { AppTable } from './app-table.ts';

/** They admit, and run commands, operations and events. The other functions with the configuration in them only read its policies. */
const names: ReadonlySet<FunctionName> = new Set([
  'authorize',
  'default',
  'fallback',
  'api',
  'publish-event',
]);

/** A part of the name of a variable. */
const TABLE_NAME = /^\w{1,64}$/;

/** The methods of `table(name)` need them. */
const TABLE_ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'];

export class Handlers implements IGrantable, IPrincipal {
  readonly assumeRoleAction = 'sts:AssumeRole';
  private readonly functions: ReadonlyMap<FunctionName, LambdaFunction>;

  constructor(functions: ReadonlyMap<FunctionName, LambdaFunction>) {
    this.functions = new Map([...functions].filter(([name]) => names.has(name)));
  }

  get grantPrincipal(): IPrincipal {
    return this;
  }

  /** For policies of resources, which name all roles. */
  get policyFragment(): PrincipalPolicyFragment {
    const arns = this.principals.flatMap(({ policyFragment }) => policyFragment.principalJson['AWS'] ?? []);
    return new PrincipalPolicyFragment({ AWS: arns });
  }

  get principalAccount(): string | undefined {
    return this.principals.find(({ principalAccount }) => principalAccount !== undefined)?.principalAccount;
  }

  addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    const policyDependable = new DependencyGroup();
    const results = this.principals.map((principal) =>
      // A statement belongs to one policy only.
      principal.addToPrincipalPolicy(statement.copy()),
    );
    for (const result of results) if (result.policyDependable) policyDependable.add(result.policyDependable);
    return { statementAdded: results.every(({ statementAdded }) => statementAdded), policyDependable };
  }

  addToPolicy(statement: PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  /**
   * Sets a variable of the environment in each of these functions.
   *
   * @throws SettingError for a variable that belongs to Fanfare.
   */
  addEnvironment(name: string, value: string): void {
    for (const [own, target] of this.functions) {
      if (name === 'NODE_OPTIONS' || Object.hasOwn(manifest[own].needs, name))
        throw new SettingError(`The variable ${name} is one of Fanfare's own: give yours another name.`);
      target.addEnvironment(name, value);
    }
  }

  /**
   * Lets the handlers find a table by its name, and read, write and delete single items of it.
   *
   * @throws SettingError for a name that no variable may have.
   */
  addTable(name: string, table: AppTable): void {
    if (!TABLE_NAME.test(name))
      throw new SettingError(
        `tables has ${JSON.stringify(name)}: a name has 1 to 64 of A-Z, a-z, 0-9 and _.`,
      );
    table.grant(this, ...TABLE_ACTIONS);
    table.encryptionKey?.grantEncryptDecrypt(this);
    this.addEnvironment(tableVariable(name), table.tableName);
  }

  private get principals(): readonly IPrincipal[] {
    return [...this.functions.values()].map(({ grantPrincipal }) => grantPrincipal);
  }
}
