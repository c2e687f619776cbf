/** Reads the needs of a stage from its template and its settings: what it asks of its account and region. */

import { EDGE_REGION } from '../../lib/settings/edge-settings.ts';
import { stackNameOf } from '../../lib/settings/stack-name.ts';
import { type StageSettings, stages } from '../../lib/settings/stage-settings.ts';
import { type GatewayShare, gatewayShare } from './gateway-share.ts';
import type { SynthesizedStage } from './synthesized-stage.ts';
import { type TemplateResource, templateResources } from './template-resources.ts';

export interface StageNeeds {
  readonly stage: string;
  readonly stackName: string;
  readonly bootstrapVersion: number;
  readonly reservations: readonly Reservation[];
  /** Names that are spelled out in the template, and so can exist already. */
  readonly fixedNames: readonly FixedName[];
  /** Logical ids of the tables that stay when the stack goes. */
  readonly keptTables: readonly string[];
  /** The stack sets the account's log role itself. */
  readonly setsLogRole: boolean;
  /** An API of the stack writes access logs by the account's log role (LG-2). */
  readonly usesLogRole: boolean;
  /** HTTP APIs that write access logs: for them AWS extends a resource policy instead. */
  readonly httpAccessLogs: number;
  readonly makesKey: boolean;
  readonly hasFunctionUrl: boolean;
  /** Functions that may start themselves again and again. */
  readonly recursiveFunctions: number;
  readonly streamReaders: number;
  readonly share: GatewayShare;
  /** The other stages of the table that could be in the same account. */
  readonly neighbours: readonly GatewayShare[];
  readonly edge?: EdgeNeeds;
}

interface Reservation {
  readonly logicalId: string;
  readonly name?: string;
  readonly executions: number;
}

interface FixedName {
  readonly type: 'AWS::Lambda::Function' | 'AWS::SecretsManager::Secret';
  readonly name: string;
}

interface EdgeNeeds {
  readonly stackName: string;
  readonly region: string;
  readonly bootstrapVersion: number;
}

export function stageNeeds(settings: StageSettings, { backend, edge }: SynthesizedStage): StageNeeds {
  const resources = templateResources(backend.template);
  const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
  return {
    stage: settings.name,
    stackName: backend.name,
    bootstrapVersion: backend.bootstrapVersion,
    reservations: resources.flatMap(reservationOf),
    fixedNames: resources.flatMap(fixedNameOf),
    keptTables: resources.filter(isKeptTable).map(({ logicalId }) => logicalId),
    setsLogRole: count('AWS::ApiGateway::Account') > 0,
    usesLogRole: accessLogsOf(resources, 'WEBSOCKET') > 0,
    httpAccessLogs: accessLogsOf(resources, 'HTTP'),
    makesKey: count('AWS::KMS::Key') > 0,
    hasFunctionUrl: count('AWS::Lambda::Url') > 0,
    recursiveFunctions: resources.filter(({ Properties }) => Properties.RecursiveLoop === 'Allow').length,
    streamReaders: count('AWS::Lambda::EventSourceMapping'),
    share: gatewayShare(stackNameOf(settings.name), settings),
    neighbours: neighboursOf(settings.name),
    ...(edge && {
      edge: { stackName: edge.name, region: EDGE_REGION, bootstrapVersion: edge.bootstrapVersion },
    }),
  };
}

function neighboursOf(stage: string): GatewayShare[] {
  const all: readonly StageSettings[] = Object.values(stages);
  return all
    .filter(({ name }) => name !== 'local' && name !== stage)
    .map((settings) => gatewayShare(stackNameOf(settings.name), settings));
}

function reservationOf({ logicalId, Properties }: TemplateResource): Reservation[] {
  const { FunctionName: name, ReservedConcurrentExecutions: executions } = Properties;
  if (executions === undefined) return [];
  return [{ logicalId, executions, ...(name !== undefined && { name }) }];
}

function fixedNameOf({ Type: type, Properties: { FunctionName, Name } }: TemplateResource): FixedName[] {
  if (type === 'AWS::Lambda::Function' && FunctionName !== undefined) return [{ type, name: FunctionName }];
  if (type === 'AWS::SecretsManager::Secret' && Name !== undefined) return [{ type, name: Name }];
  return [];
}

/** `Retain`, and `RetainExceptOnCreate`, which does the same once the stack exists. */
function isKeptTable({ Type, DeletionPolicy = '' }: TemplateResource): boolean {
  return Type.startsWith('AWS::DynamoDB::') && DeletionPolicy.startsWith('Retain');
}

function accessLogsOf(resources: readonly TemplateResource[], protocol: 'WEBSOCKET' | 'HTTP'): number {
  const apis = new Set(
    resources
      .filter(({ Properties }) => Properties.ProtocolType === protocol)
      .map(({ logicalId }) => logicalId),
  );
  return resources.filter(
    ({ Type, Properties: { AccessLogSettings, ApiId } }) =>
      Type === 'AWS::ApiGatewayV2::Stage' && AccessLogSettings !== undefined && apis.has(ApiId?.Ref ?? ''),
  ).length;
}
