import { describe, expect, it } from 'vitest';
import { templateOf } from './template.ts';

/** With another logical id, CloudFormation would make a new resource, and the old one would keep its data or its address. */
const KEPT = [
  'EncryptionKey3A692D6E',
  'GatewayApi4EDF2151',
  'GivenUpQueue46A2CDC4',
  'HttpApi9292168F',
  'StorageChannelsE80B529F',
  'StorageCharges604E2A44',
  'StorageConnections942F4ABF',
  'StorageDeliveryClaims8A35BF93',
  'StorageHttpSessions8516C5CF',
  'StorageMailboxes442A6634',
  'StorageMessagesEB8091F1',
  'StorageOccupancy76239564',
  'StoragePresence1E8314F7',
  'StoragePublishKeys9FC85978',
  'StorageReadPositionsBF74E335',
  'StorageRevocations45DB70AB',
  'StorageSubscriptions1D7D4017',
  'StorageValuesF60681AF',
  'TokensSecretA6069DB5',
];

const LASTING = new Set([
  'AWS::DynamoDB::GlobalTable',
  'AWS::SecretsManager::Secret',
  'AWS::KMS::Key',
  'AWS::ApiGatewayV2::Api',
  'AWS::SQS::Queue',
]);

describe('a stage that is deployed already', () => {
  const template = templateOf('prod');
  const resources = Object.entries<{ Type: string }>(template.toJSON()['Resources']);

  it('keeps its tables, secret, key, queue and addresses: they have the logical ids that they had before there was a construct', () => {
    const ids = resources.filter(([, { Type }]) => LASTING.has(Type)).map(([id]) => id);

    expect(ids.toSorted()).toEqual(KEPT);
  });

  it('keeps the names of its functions that have fixed ones', () => {
    const names = Object.values(template.findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties }) => Properties.FunctionName ?? [],
    );

    expect(names.toSorted()).toEqual([
      'Fanfare-prod-deliver',
      'Fanfare-prod-farewell',
      'Fanfare-prod-publish-event',
    ]);
  });
});
