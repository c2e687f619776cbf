import { describe, expect, it } from 'vitest';
import { streamReaderFindings } from '../../../lib/deploy-checks/stream-readers.ts';
import { linesOf, templateWith } from './planted.ts';

const found = (properties: object) =>
  linesOf(
    streamReaderFindings(
      templateWith({
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: { 'Fn::GetAtt': ['Items', 'StreamArn'] }, ...properties },
        },
      }),
    ),
  );

const destination = { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } } };

const BLOCKS =
  'Mapping Properties.MaximumRetryAttempts: A record that fails every time blocks its shard for a day.';
const DROPS =
  'Mapping Properties.DestinationConfig.OnFailure: A record that is given up is dropped without a trace.';

describe('a reader of a table’s stream', () => {
  it('gives a record up after some attempts, and has a destination for it', () => {
    expect(found({ MaximumRetryAttempts: 0, ...destination })).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ['no bound', destination, [BLOCKS]],
    ['attempts without a limit', { MaximumRetryAttempts: -1, ...destination }, [BLOCKS]],
    ['no destination', { MaximumRetryAttempts: 5 }, [DROPS]],
    ['neither', {}, [BLOCKS, DROPS]],
  ])('is found with %s', (_what, properties, lines) => {
    expect(found(properties)).toEqual(lines);
  });

  it('is not a reader of a queue, which has a policy of its own', () => {
    expect(found({ EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } })).toEqual([]);
  });
});
