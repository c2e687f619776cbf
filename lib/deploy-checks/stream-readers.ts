/**
 * Checks readers of streams for records that their function cannot take. Without a bound such a record blocks its shard for a
 * day, and without a destination it is then dropped without a trace.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */

import { type DeployTemplate, valueAt } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { mappingsOf, readsTable } from './table-streams.ts';

const WITHOUT_LIMIT = -1;

export function streamReaderFindings(template: DeployTemplate): Finding[] {
  return mappingsOf(template)
    .filter(readsTable)
    .flatMap(({ id, properties }) => {
      const { MaximumRetryAttempts: attempts = WITHOUT_LIMIT } = properties;
      const destination = valueAt(properties, 'DestinationConfig', 'OnFailure', 'Destination');
      return [
        ...(attempts === WITHOUT_LIMIT
          ? [
              {
                resource: id,
                path: 'Properties.MaximumRetryAttempts',
                sentence: 'A record that fails every time blocks its shard for a day.',
              },
            ]
          : []),
        ...(destination === undefined
          ? [
              {
                resource: id,
                path: 'Properties.DestinationConfig.OnFailure',
                sentence: 'A record that is given up is dropped without a trace.',
              },
            ]
          : []),
      ];
    });
}
