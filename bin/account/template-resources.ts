/** The few properties of a template's resources that an account can refuse. */

import * as v from 'valibot';

/** `undefined` for a value that the template computes, such as a name with the region in it. */
const text = v.fallback(v.optional(v.string()), undefined);

const properties = v.object({
  FunctionName: text,
  Name: text,
  RecursiveLoop: text,
  ProtocolType: text,
  ReservedConcurrentExecutions: v.optional(v.number()),
  AccessLogSettings: v.optional(v.unknown()),
  ApiId: v.fallback(v.optional(v.object({ Ref: v.string() })), undefined),
});

const schema = v.object({
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      DeletionPolicy: v.optional(v.string()),
      Properties: v.optional(properties, {}),
    }),
  ),
});

export type TemplateResource = v.InferOutput<typeof schema>['Resources'][string] & {
  readonly logicalId: string;
};

export function templateResources(template: unknown): readonly TemplateResource[] {
  const { Resources } = v.parse(schema, template);
  return Object.entries(Resources).map(([logicalId, resource]) => ({ logicalId, ...resource }));
}
