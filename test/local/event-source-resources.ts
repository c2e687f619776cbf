/** Resources of a template in which functions read the stream of a table. */

/** A table with the key `pk` and a stream with both images. */
export function streamedTable(properties: object = {}, Type = 'AWS::DynamoDB::GlobalTable') {
  return {
    Type,
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      ...properties,
    },
  };
}

/** Names are those in the template. */
export function eventSourceMapping(functionName: string, tableName: string, properties: object = {}) {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': [tableName, 'StreamArn'] },
      FunctionName: { Ref: functionName },
      StartingPosition: 'TRIM_HORIZON',
      ...properties,
    },
  };
}
