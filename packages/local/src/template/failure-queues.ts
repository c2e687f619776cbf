/** Finds the queues that get messages about given-up stream records. The runtime knows no other use of a queue. */

import * as v from 'valibot';
import { resourcesByType, type Template } from './cloud-formation.ts';

export const QUEUE = 'AWS::SQS::Queue';

/** The form that the CDK writes, and the short form. */
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

/** The logical ids of these queues. */
export function failureQueues({ Resources }: Pick<Template, 'Resources'>): ReadonlySet<string> {
  const mappings = resourcesByType({ Resources }).get('AWS::Lambda::EventSourceMapping') ?? [];
  const named = mappings.flatMap(([, { Properties }]) => {
    const { success, output } = v.safeParse(mapping, Properties);
    if (!success) return [];
    return output.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0];
  });
  return new Set(named.filter((logicalId) => Resources[logicalId]?.Type === QUEUE));
}
