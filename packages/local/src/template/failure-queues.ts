/** The queues of a template that are told which records a reader of a stream gave up: the only use of a queue that is known here. */

import * as v from 'valibot';
import { resourcesByType, type Template } from './cloud-formation.ts';

export const QUEUE = 'AWS::SQS::Queue';

/** As CDK writes it, or as people do. */
const arnOf = v.union([
  v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('Arn')]) }),
  v.object({
    'Fn::GetAtt': v.pipe(
      v.string(),
      v.regex(/\.Arn$/),
      v.transform((path) => [path.slice(0, -'.Arn'.length)] as const),
    ),
  }),
]);

const mapping = v.object({
  DestinationConfig: v.object({ OnFailure: v.object({ Destination: arnOf }) }),
});

/** Their logical ids. */
export function failureQueues({ Resources }: Pick<Template, 'Resources'>): ReadonlySet<string> {
  const mappings = resourcesByType({ Resources }).get('AWS::Lambda::EventSourceMapping') ?? [];
  const named = mappings.flatMap(([, { Properties }]) => {
    const { success, output } = v.safeParse(mapping, Properties);
    if (!success) return [];
    return output.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0];
  });
  return new Set(named.filter((logicalId) => Resources[logicalId]?.Type === QUEUE));
}
