/** The shape of a CloudFormation template, as far as the runtime reads it. */

import * as v from 'valibot';
import { StartError } from '../start-error.ts';

/**
 * Metadata of an API or a function URL: the app's functions check the origin of pages themselves. Without it, and without CORS or an
 * authorizer, only pages of this machine may send requests.
 */
export const ANY_PAGE = 'fanfare-local:any-page';

const named = v.optional(v.record(v.string(), v.unknown()), {});

const templateSchema = v.object({
  Transform: v.optional(v.unknown()),
  Parameters: v.optional(
    v.record(v.string(), v.object({ Type: v.string(), Default: v.optional(v.unknown()) })),
    {},
  ),
  Conditions: named,
  Mappings: v.optional(v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown()))), {}),
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      Condition: v.optional(v.string()),
      Properties: v.optional(v.unknown(), {}),
      Metadata: v.optional(v.object({ [ANY_PAGE]: v.optional(v.boolean()) })),
    }),
  ),
  Outputs: v.optional(
    v.record(
      v.string(),
      v.object({
        Value: v.unknown(),
        Condition: v.optional(v.string()),
        Export: v.optional(v.object({ Name: v.unknown() })),
      }),
    ),
    {},
  ),
});

export type Template = v.InferOutput<typeof templateSchema>;

/** A resource as the template writes it, with references that are not resolved. */
export type WrittenResource = Template['Resources'][string];

/** @throws StartError for something that is not a template. */
export function parseTemplate(value: unknown): Template {
  const result = v.safeParse(templateSchema, value);
  if (!result.success) throw new StartError('This is not a CloudFormation template with resources.');
  const { Transform } = result.output;
  if (Transform === undefined) return result.output;
  throw new StartError(
    `The local runtime reads templates as CloudFormation executes them, and does not run the transform ${JSON.stringify(Transform)}.`,
  );
}

/** The resources of a template by their type, each with its logical id, in the order of the template. */
export type ResourcesByType = ReadonlyMap<string, readonly (readonly [logicalId: string, WrittenResource])[]>;

export function resourcesByType({ Resources }: Pick<Template, 'Resources'>): ResourcesByType {
  const byType = new Map<string, (readonly [string, WrittenResource])[]>();
  for (const entry of Object.entries(Resources)) {
    const { Type } = entry[1];
    const known = byType.get(Type);
    if (known) known.push(entry);
    else byType.set(Type, [entry]);
  }
  return byType;
}
