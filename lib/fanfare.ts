/** The whole backend as one construct: tables, gateway, functions, routes, outputs. */

import path from 'node:path';
import type { DomainName, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { FunctionName, TableName } from '../lambdas/manifest/manifest.ts';
import { stageInfo } from '../lambdas/realtime/access/stage-info.ts';
import {
  type LifecycleGroup,
  type LifecycleType,
  lifecycleGroups,
} from '../lambdas/realtime/lifecycle/lifecycle.ts';
import { changeCode } from './bundling/change-code.ts';
import { functionCode } from './bundling/function-code.ts';
import { loadUserConfig } from './bundling/user-config.ts';
import { FanfareBase, type IFanfare } from './fanfare-base.ts';
import type { FanfareProps } from './fanfare-props.ts';
import type { AppTable } from './functions/app-table.ts';
import type { Resources } from './functions/bindings.ts';
import { GivenUpChanges } from './functions/given-up-changes.ts';
import { Handlers } from './functions/handlers.ts';
import { ItemChanges } from './functions/item-changes.ts';
import { packingOf } from './functions/packing.ts';
import { StageFunctions } from './functions/stage-functions.ts';
import { namespacesOf } from './functions/stream-filters.ts';
import { workerOf } from './functions/worker.ts';
import { Gateway } from './gateway/gateway.ts';
import { HttpApi } from './gateway/http-api.ts';
import { type FanfareAttributes, ImportedFanfare } from './imported-fanfare.ts';
import { Observability } from './observability/observability.ts';
import { addOutputs } from './outputs.ts';
import { Encryption } from './security/encryption.ts';
import { OriginKey } from './security/origin-key.ts';
import { TokenSecret } from './security/token-secret.ts';
import { checkConfig } from './settings/check-config.ts';
import { heard, tells } from './settings/lifecycle-settings.ts';
import { isLocalSynthesis } from './settings/local-synthesis.ts';
import { SettingError } from './settings/setting-error.ts';
import { settingsOf } from './settings/settings-of.ts';
import type { StageSettings } from './settings/stage-settings.ts';
import { uniqueNameOf } from './settings/unique-name.ts';
import { Storage } from './storage.ts';

/**
 * A serverless WebSocket backend. The functions are bundled with your configuration when the app is synthesized.
 *
 * @example
 * const realtime = new Fanfare(this, 'Realtime', { config: 'realtime/fanfare.config.ts' });
 * realtime.grantPublish(orders);
 */
export class Fanfare extends FanfareBase {
  /** A Fanfare of another stack or app. */
  static fromAttributes(scope: Construct, id: string, attributes: FanfareAttributes): IFanfare {
    return new ImportedFanfare(scope, id, attributes);
  }

  readonly name: string;
  readonly webSocketUrl: string;
  readonly apiUrl: string;
  readonly managementEndpoint: string;
  readonly tokenSecret: Secret;
  /** The stage of the WebSocket API. */
  readonly stage: WebSocketStage;
  /** By their names in the manifest. Their contents may change with a version of the package: read them by the HTTP API. */
  readonly tables: Readonly<Record<TableName, TableV2>>;
  /** By their names in the manifest. A stage without a fallback has no `fallback`, and so on. */
  readonly functions: ReadonlyMap<FunctionName, LambdaFunction>;
  /** The functions that run the handlers of the configuration: grant them what your handlers need. */
  readonly handlers: IGrantable;
  /** The target for DNS, if `domain` names one. */
  readonly domainName: DomainName | undefined;
  /** The target for DNS, if `apiDomain` names one. */
  readonly apiDomainName: DomainName | undefined;
  protected readonly apis: FanfareBase['apis'];
  private settings: StageSettings;
  private readonly storage: Storage;
  private readonly stageFunctions: StageFunctions;
  private readonly encryption: Encryption;
  private readonly givenUp: GivenUpChanges;
  private readonly running: Handlers;
  private readonly observability: Observability | undefined;

  /** @throws SettingError or BundleError for a mistake in the properties or in the configuration. */
  constructor(scope: Construct, id: string, props: FanfareProps) {
    super(scope, id);
    const uniqueName = uniqueNameOf(this);
    this.settings = settingsOf(props, {
      path: this.node.path,
      uniqueName,
      isLocal: isLocalSynthesis(this.node),
    });
    this.name = this.settings.name;
    const config = loadUserConfig(props.config);
    checkConfig(config.declare, stageInfo(this.name), config.shown);

    this.encryption = new Encryption(this, 'Encryption', this.settings);
    const packing = packingOf(config, this.name);
    this.storage = new Storage(this, 'Storage', {
      settings: this.settings,
      encryption: this.encryption,
      packed: packing.namespaces,
    });
    this.tables = this.storage.tables;
    const gateway = new Gateway(this, 'Gateway', this.settings, this.encryption);
    this.stage = gateway.stage;
    this.tokenSecret = new TokenSecret(this, 'Tokens', this.settings, uniqueName, this.encryption).secret;
    const resources = this.resourcesOfFunctions(uniqueName);
    const code = props.code ?? functionCode(config);
    this.stageFunctions = new StageFunctions(this, { code, uniqueName, resources, packing });
    this.functions = this.stageFunctions.all;
    const api = this.addHttpApi();
    this.givenUp = new GivenUpChanges(this, 'GivenUp');
    const namespaces = namespacesOf(config, this.name);
    this.stageFunctions.wire({ gateway, namespaces, givenUp: this.givenUp.destination });

    this.webSocketUrl = gateway.url;
    this.apiUrl = api.url;
    this.managementEndpoint = gateway.stage.callbackUrl;
    this.domainName = gateway.domainName;
    this.apiDomainName = api.domainName;
    const { apiAuthorization } = this.settings;
    this.apis = { webSocketApiId: gateway.stage.api.apiId, httpApiId: api.id, apiAuthorization };
    this.running = new Handlers(this.functions);
    this.handlers = this.running;
    for (const [name, table] of Object.entries(props.tables ?? {})) this.running.addTable(name, table);
    this.observability = this.observe(gateway, uniqueName);
    const { observability } = this;
    addOutputs(this, this.settings, { givenUpQueue: this.givenUp.queue.queueUrl, observability });
  }

  /**
   * Sets a variable in the functions that run handlers, such as the name of a table of yours.
   *
   * @throws SettingError for a variable that belongs to Fanfare.
   */
  addEnvironment(name: string, value: string): this {
    this.running.addEnvironment(name, value);
    return this;
  }

  /**
   * Adds a function that publishes the changes of a table: a file says what is told of each, and to whom.
   *
   * @param table It has a stream with new images.
   * @param file Its default export gets a change, and returns an announcement or nothing (`Announce` of `fanfare/config`). The path is
   *   absolute, or relative to the folder in which the app runs.
   * @returns the function, to which you may grant more.
   * @throws SettingError for a table without a stream. BundleError for a file that is missing or does not build.
   * @example
   * realtime.publishChanges(orders, 'realtime/announce.ts');
   */
  publishChanges(table: AppTable, file: string): LambdaFunction {
    const { encryption, settings } = this;
    const { name } = path.parse(file);
    const givenUp = this.givenUp.destination;
    const props = { table, code: changeCode(file), settings, encryption, givenUp };
    const { function: publisher } = new ItemChanges(this, `Changes-${table.node.id}-${name}`, props);
    this.grantPublish(publisher);
    this.observability?.addPublisher(`${table.node.id}-${name}`, publisher);
    return publisher;
  }

  /**
   * Sends the events of a kind to a target. The first call for a group of events adds what tells them to the stage.
   *
   * @throws SettingError for events that the settings switch off.
   */
  override onLifecycle(type: LifecycleType, target: IRuleTarget): Rule {
    const group = lifecycleGroups[type];
    if (!tells(this.settings, group)) this.turnOn(group);
    return super.onLifecycle(type, target);
  }

  private turnOn(group: LifecycleGroup): void {
    const settings = heard(this.settings, group);
    if (!settings)
      throw new SettingError(
        `${this.node.path}: the events of ${group} are off: set lifecycleEvents.${group}.`,
      );
    this.settings = settings;
    this.storage.addStreams(settings);
    this.stageFunctions.tell(group, settings);
    this.observability?.readLogs();
  }

  private resourcesOfFunctions(uniqueName: string): Resources {
    const { tables, stage, tokenSecret, encryption, settings } = this;
    const { edge } = settings;
    const originKey = edge !== 'none' && {
      originKey: new OriginKey(this, 'OriginKey', edge, uniqueName).secret,
    };
    return {
      tables,
      stage,
      deliveryWorker: workerOf(this, 'deliver', uniqueName),
      farewellWorker: workerOf(this, 'farewell', uniqueName),
      tokenSecret,
      ...originKey,
      encryption,
      settings,
    };
  }

  private observe({ accessLog }: Gateway, uniqueName: string): Observability | undefined {
    const { settings, encryption, functions, tables, name, apis, givenUp } = this;
    if (settings.alarms === 'none') return undefined;
    const { webSocketApiId, httpApiId } = apis;
    return new Observability(this, 'Observability', {
      watched: { functions, tables, stageName: name, webSocketApiId, httpApiId, givenUp: givenUp.queue },
      settings: settings.alarms,
      encryption,
      uniqueName,
      accessLog,
    });
  }

  private addHttpApi(): HttpApi {
    const { settings, encryption, functions } = this;
    return new HttpApi(this, 'HttpApi', {
      settings,
      encryption,
      target: functionIn(functions, 'api'),
      authorizer: functionIn(functions, 'authorize-api'),
    });
  }
}

function functionIn(
  functions: ReadonlyMap<FunctionName, LambdaFunction>,
  name: FunctionName,
): LambdaFunction {
  const found = functions.get(name);
  if (!found) throw new Error(`The manifest has no function ${name}`);
  return found;
}
